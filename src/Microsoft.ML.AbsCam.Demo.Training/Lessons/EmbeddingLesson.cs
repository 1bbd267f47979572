using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>Vectors that are near for two pictures of one kind of object and far for two of different kinds.</summary>
internal sealed class EmbeddingLesson : Lesson
{
    private const double Temperature = 0.1;
    private readonly EmbeddingNetwork _network = new(32);

    public override nn.Module Network => _network;

    public override int Epochs => 5;

    public override SceneSet Draw() => SceneSet.Draw(Sample.One, 0, 4000, 128);

    /// <summary>Supervised contrastive loss (arXiv 2004.11362, its equation 2): each picture is to pick the others of its kind out of the batch.</summary>
    public override Tensor Loss(Batch batch)
    {
        var embedding = _network.call(batch.Input);
        var labels = batch.Labels;
        var itself = eye(batch.Count, dtype: ScalarType.Bool);
        var share = (embedding.mm(embedding.t()) / Temperature).masked_fill(itself, -1e9).log_softmax(1);
        var alike = labels.unsqueeze(0).eq(labels.unsqueeze(1)).logical_and(itself.logical_not()).to(ScalarType.Float32);
        return -((share * alike).sum(1) / alike.sum(1).clamp_min(1)).mean();
    }

    public override IEnumerable<string> Measure()
    {
        var scenes = SceneSet.Draw(Sample.One, DemoScenes.FirstHeldOutSeed, 500, HeldOutSize);
        var (embeddings, labels) = (new List<Tensor>(), new List<Tensor>());
        for (var first = 0; first < scenes.Count; first += BatchSize)
        {
            var batch = Batch.Plain(scenes, first, BatchSize);
            embeddings.Add(_network.call(batch.Input));
            labels.Add(batch.Labels);
        }

        var (embedding, label) = (cat(embeddings), cat(labels));
        var cosine = embedding.mm(embedding.t());
        var itself = eye(scenes.Count, dtype: ScalarType.Bool);
        var nearest = label.index_select(0, cosine.masked_fill(itself, -2).argmax(1));
        var alike = label.unsqueeze(0).eq(label.unsqueeze(1));
        return
        [
            $"held-out pictures whose nearest other one is of their kind: {nearest.eq(label).to(ScalarType.Float32).mean().ToDouble():P1} of {scenes.Count}",
            $"mean cosine {cosine.masked_select(alike.logical_and(itself.logical_not())).mean().ToDouble():F3} within a kind, {cosine.masked_select(alike.logical_not()).mean().ToDouble():F3} between kinds",
        ];
    }

    public override OnnxGraph Export() => _network.Export();
}

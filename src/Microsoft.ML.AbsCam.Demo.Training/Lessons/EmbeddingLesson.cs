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
    private readonly EmbeddingNetwork _network = new(DemoNetwork.Classes.Count, 32);

    public override nn.Module Network => _network;

    public override int Epochs => 8;

    public override SceneSet Draw() => SceneSet.Draw(Sample.One, 0, 6000, 128);

    /// <summary>
    /// Normalised softmax (arXiv 1811.12649): by its cosine to each kind's proxy a picture is to pick its own kind. Learnt so, few pictures a batch do, where a loss
    /// over pairs of pictures wants many.
    /// </summary>
    public override Tensor Loss(Batch batch)
        => nn.functional.cross_entropy(_network.call(batch.Input).mm(nn.functional.normalize(_network.Proxies, dim: 1).t()) / Temperature, batch.Labels);

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

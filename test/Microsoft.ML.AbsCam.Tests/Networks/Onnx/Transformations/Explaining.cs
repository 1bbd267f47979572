using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>What the library says of a network and its pictures.</summary>
/// <param name="Pick">The layer that it picks; null for none.</param>
/// <param name="Probabilities">Of each picture.</param>
/// <param name="Maps">Abs-CAM's initial maps, then Grad-CAM's.</param>
internal sealed record Explaining(string? Pick, float[][] Probabilities, float[][] Maps)
{
    public static Explaining Of(Rewriting net)
    {
        (int height, int width) = ((int)net.ImageShape[1] * net.Scale, (int)net.ImageShape[2] * net.Scale);
        using ImageNetwork network = ImageNetwork.FromOnnx(net.ToBytes(), net.IsOpen ? height : null, net.IsOpen ? width : null);
        string? pick = network.Layers.SingleOrDefault(layer => layer.IsDefault)?.Name;
        float[][] pictures = Pictures.For(net);
        List<float[]> maps = [];
        float[][] probabilities = [];
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.AbsCamInitial, SaliencyMethod.GradCam])
        {
            MLContext context = new(seed: 1);
            IDataView data = VectorRow.View(context, pictures.Select(pixels => new VectorRow { Input = pixels }), (int)net.ImageShape[0], height, width);
            AbsCamOptions options = new() { Method = method, Layers = [net.Pick], Layout = VectorLayout.ChannelsFirst, Columns = new() { Scores = "Scores", Status = "Status" } };
            using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options).Fit(data);
            IDataView explained = transformer.Transform(data);
            probabilities = explained.Maps("Scores");
            maps.AddRange(explained.Maps());
        }

        return new Explaining(pick, probabilities, [.. maps]);
    }
}

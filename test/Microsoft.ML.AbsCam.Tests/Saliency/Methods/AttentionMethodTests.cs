using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>LeGrad and attention rollout, against their formulas in plain loops over the matrices that ONNX Runtime gives, and slopes by differences at them.</summary>
[TestClass]
public sealed class AttentionMethodTests
{
    private const int Target = 3;

    // Of a map from 0 to 1: slopes are differences of float32 scores.
    private const double SlopeTolerance = 0.02;
    private const double Tolerance = 1e-4;

    private static readonly long[] Shape = [1, 3, TokenWriter.Height, TokenWriter.Width];

    [TestMethod]
    [DataRow("ViT, class token")]
    [DataRow("CLIP's image tower with a linear head")]
    public void LeGrad_is_the_mean_of_what_attention_to_a_place_adds_to_the_score(string name)
    {
        TokenFamily family = Named(name);
        byte[] model = family.Family.Write();
        double[] sum = new double[family.Tokens!.Value];
        foreach (string matrix in Matrices(model))
        {
            double[] slopes = Slopes(model, matrix);
            for (int at = 0; at < slopes.Length; at++)
            {
                sum[at % sum.Length] += Math.Max(slopes[at], 0) * sum.Length / slopes.Length;
            }
        }

        Close.AreClose(Normed(sum[family.Before..]), Map(model, SaliencyMethod.LeGrad, family), SlopeTolerance, name);
    }

    [TestMethod]
    [DataRow("ViT, class token", 0, 1)]
    [DataRow("CLIP's image tower with a linear head", 0, 1)]
    [DataRow("BEiT, relative positions", 1, 24)]
    public void Rollout_multiplies_the_matrices_and_the_ways_past_them(string name, int firstRead, int read)
    {
        TokenFamily family = Named(name);
        byte[] model = family.Family.Write();
        int tokens = family.Tokens!.Value;
        double[] product = [.. Enumerable.Range(0, tokens * tokens).Select(at => at / tokens == at % tokens ? 1.0 : 0)];
        foreach (string matrix in Matrices(model))
        {
            float[] heads = RawLayer.ValueOf(model, matrix, Image(), Shape).Values;
            double[] next = new double[product.Length];
            for (int at = 0; at < heads.Length; at++)
            {
                int row = at / tokens % tokens;
                for (int column = 0; column < tokens; column++)
                {
                    next[(row * tokens) + column] += heads[at] * product[(at % tokens * tokens) + column] * product.Length / heads.Length;
                }
            }

            product = [.. product.Select((value, at) => (value + next[at]) / 2)];
        }

        double[] rows = [.. Enumerable.Range(0, tokens).Select(column => Enumerable.Range(firstRead, read).Sum(row => product[(row * tokens) + column]))];
        Close.AreClose(Normed(rows[family.Before..]), Map(model, SaliencyMethod.AttentionRollout, family), Tolerance, name);
    }

    [TestMethod]
    [DataRow("ViT, class token")]
    [DataRow("BEiT, relative positions")]
    public void A_network_that_takes_one_image_at_a_time_has_the_same_maps(string name)
    {
        byte[] model = Named(name).Family.Write();
        using ImageNetwork together = ImageNetwork.FromOnnx(model);
        using ImageNetwork alone = ImageNetwork.FromOnnx(OneByOne.Of(model));
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.LeGrad, SaliencyMethod.AttentionRollout])
        {
            float[][] expected = Maps(together, method, 3);
            foreach ((float[] map, float[] other) in expected.Zip(Maps(alone, method, 3)))
            {
                Close.AreClose(map, other, Tolerance, $"{method}");
            }

            Assert.IsGreaterThan(0.01, expected[0].Zip(expected[1], (one, other) => Math.Abs(one - other)).Max());
        }
    }

    [TestMethod]
    [DataRow("Swin", "it has no tokens that are places of the image")]
    [DataRow("Swin, tokens in a row", "tokens attend within windows")]
    [DataRow("MLP-Mixer", "none of its values are shares")]
    public void Without_attention_over_all_tokens_they_are_refused_by_name(string name, string why) => IsRefused(Named(name).Family.Write(), why);

    [TestMethod]
    public void A_convolutional_network_is_refused_by_name() => IsRefused(TinyNetwork.Rectified.ToOnnx(), "it has no tokens that are places of the image. Take another method, such as 'grad-cam'");

    // The network with the matrix as a second input, in the place of what makes it.
    private static double[] Slopes(byte[] model, string matrix)
    {
        const float Step = 0.02f;
        (float[] values, int[] shape) = RawLayer.ValueOf(model, matrix, Image(), Shape);
        ModelProto cut = ModelProto.Parser.ParseFrom(model);
        cut.Graph.Node.Remove(cut.Graph.Node.Single(node => node.Output.Contains(matrix)));
        ValueInfoProto given = cut.Graph.Input[0].Clone();
        given.Name = matrix;
        given.Type.TensorType.Shape = null;
        cut.Graph.Input.Add(given);
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(cut.ToByteArray(), options);
        return [.. Enumerable.Range(0, values.Length).Chunk(200).SelectMany(Slopes)];

        // Each number a little higher in one image, and a little lower in another.
        IEnumerable<double> Slopes(int[] chunk)
        {
            int count = 2 * chunk.Length;
            float[] moved = [.. Enumerable.Repeat(values, count).SelectMany(one => one)];
            for (int i = 0; i < chunk.Length; i++)
            {
                moved[(2 * i * values.Length) + chunk[i]] += Step;
                moved[(((2 * i) + 1) * values.Length) + chunk[i]] -= Step;
            }

            float[] images = [.. Enumerable.Repeat(Image(), count).SelectMany(one => one)];
            using var results = session.Run(
            [
                NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(images, [count, .. Shape.Skip(1).Select(size => (int)size)])),
                NamedOnnxValue.CreateFromTensor(matrix, new DenseTensor<float>(moved, [count * shape[0], .. shape.Skip(1)])),
            ]);
            Tensor<float> scores = results[0].AsTensor<float>();
            return [.. chunk.Select((_, i) => (double)(scores[2 * i, Target] - scores[(2 * i) + 1, Target]) / (2 * Step))];
        }
    }

    private static void IsRefused(byte[] model, string why)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.LeGrad, SaliencyMethod.AttentionRollout])
        {
            string message = Assert.ThrowsExactly<ArgumentException>(() => Map(network, method)).Message;
            StringAssert.Contains(message, $"The method '{method}' reads attention matrices, and there are none in the network");
            StringAssert.Contains(message, why);
        }
    }

    private static TokenFamily Named(string name) => TokenFamily.All.Single(family => family.Family.Name == name);

    private static float[] Image() => OnnxModelBuilder.Numbers(Shape, 5);

    private static string[] Matrices(byte[] model) => [.. ModelProto.Parser.ParseFrom(model).Graph.Node.Where(node => node.OpType == "Softmax").Select(node => node.Output[0])];

    // As the map is made: relu, bilinear to the input's size, norm.
    private static float[] Normed(double[] places)
    {
        double[] up = new double[TokenWriter.Height * TokenWriter.Width];
        (int height, int width) = (4, 6);
        for (int at = 0; at < up.Length; at++)
        {
            (int top, int bottom, double down) = Place(at / TokenWriter.Width, height, TokenWriter.Height);
            (int left, int right, double across) = Place(at % TokenWriter.Width, width, TokenWriter.Width);
            up[at] = ((1 - down) * (((1 - across) * places[(top * width) + left]) + (across * places[(top * width) + right])))
                + (down * (((1 - across) * places[(bottom * width) + left]) + (across * places[(bottom * width) + right])));
        }

        return [.. TinyLoops.Normalized(up).Select(value => (float)value)];

        static (int First, int Second, double Part) Place(int pixel, int from, int side)
        {
            double centre = Math.Clamp(((pixel + 0.5) * from / side) - 0.5, 0, from - 1);
            return ((int)centre, Math.Min((int)centre + 1, from - 1), centre - (int)centre);
        }
    }

    private static float[] Map(byte[] model, SaliencyMethod method, TokenFamily family)
    {
        Assert.AreEqual((4, 6), (family.Height, family.Width));
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        return Map(network, method);
    }

    private static float[] Map(ImageNetwork network, SaliencyMethod method) => Maps(network, method, 1).Single();

    private static float[][] Maps(ImageNetwork network, SaliencyMethod method, int rows)
    {
        var context = new MLContext();
        NetworkShape size = network.Shape;
        VectorRow[] images = [.. Enumerable.Range(5, rows).Select(seed => new VectorRow { Input = OnnxModelBuilder.Numbers([1, 3, size.Height, size.Width], seed) })];
        IDataView view = VectorRow.View(context, images, 3, size.Height, size.Width);
        using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, "Input", network, new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(Target) }).Fit(view);
        return transformer.Transform(view).Maps();
    }
}

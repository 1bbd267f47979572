using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>
/// Phase 2 as nodes: a loop over the channels that count in any row, whose body is the network itself on what was made of the channel. It reads
/// the weights outside of it, so the file hardly grows.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="network">The same, imported.</param>
/// <param name="layer">The layer.</param>
/// <param name="asked">What is asked.</param>
/// <param name="sizes">The images' sizes.</param>
/// <param name="source">The file's name, for messages.</param>
internal sealed class ChannelLoop(BakedFile file, OnnxNetwork network, LayerNodes layer, AskedNodes asked, InputSizes sizes, string source) : IRunsAgain
{
    private static readonly long[] Places = [2, 3];

    private ScoreReading Reading => asked.Reading
        ?? throw new ArgumentException("The target is one output of a regression, which has no probability, so a method that masks the image cannot be baked for it. Take a method of one pass.");

    public MaskedNodes Masked(string maps, string isRun, bool byLogit)
    {
        TargetSeed target = asked.Target;
        if (file.Graph.Input.Single(input => input.Name == network.InputName).Type.TensorType.ElemType != layer.Type)
        {
            throw new NetworkLoadException($"{source}: the input '{network.InputName}' takes whole numbers, which cannot be masked, so only methods of one pass can be baked.");
        }

        string[] found = Each(isRun, 3, (w, channel) =>
        {
            string map = w.Unsqueeze(w.Node("Gather", [maps, channel], ("axis", 1)), 1);
            string stacks = w.Node("Slice", [w.Shape(map), w.Ints(0), w.Ints(2)]);
            string mask = w.Node("Resize", [map, "", "", w.Concat(0, stacks, sizes.Write(w))], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
            string least = w.Least(mask, Places);
            string divisor = w.Add(w.Sub(w.Greatest(mask, Places), least), w.Real(MapMath.NormEpsilon, layer.Type));
            mask = w.Div(w.Sub(mask, least), divisor);
            string masked = w.Mul(network.InputName, network.ChannelsLast ? w.Transpose(mask, 0, 2, 3, 1) : mask);
            string scores = Rows(w, NetworkCopy.Write(file.Graph, network.InputName, masked, layer.RawScores, w, source));
            return [byLogit ? w.Node("Abs", [target.Logit(w, Reading.Logits(w, scores, layer.Type))]) : target.Probability(w, Reading, scores), w.Reshape(least, -1), w.Reshape(divisor, -1)];
        });
        string one = layer.Write.Real(1, layer.Type);
        return new MaskedNodes(OrZero(isRun, found[0]), found[1], layer.Write.Where(isRun, found[2], one));
    }

    public (string Score, string Ablated) WithoutMaps(string isRun)
    {
        if (layer.Channels is not (int axis, long count, int rank))
        {
            throw new NetworkLoadException($"{source}: the layer '{layer.Layer}' holds tokens that are no places beside those that are, and methods that set its maps to zero cannot be baked there. Take another layer, or a method of one pass.");
        }

        NodeWriter write = layer.Write;
        string score = write.Unsqueeze(Logit(write, layer.Scores), 1);
        long[] along = [.. Enumerable.Range(0, rank).Select(at => at == axis ? count : 1)];
        string numbers = write.Reshape(write.Ints([.. Enumerable.Range(0, (int)count).Select(channel => (long)channel)]), along);
        string[] found = Each(isRun, 1, (w, channel) =>
        {
            string without = w.Where(w.Node("Equal", [numbers, channel]), w.Real(0, layer.Type), layer.Layer);
            return [Logit(w, Rows(w, NetworkCopy.Write(file.Graph, layer.Layer, without, layer.RawScores, w, source)))];
        });
        return (score, write.Where(isRun, found[0], score));
    }

    private string Logit(NodeWriter writer, string scores) => asked.Target.Logit(writer, asked.Reading?.Logits(writer, scores, layer.Type) ?? scores);

    private string Rows(NodeWriter writer, string scores) => writer.Reshape(scores, -1, network.ClassCount);

    private string OrZero(string isRun, string numbers) => layer.Write.Where(isRun, numbers, layer.Write.Real(0, layer.Type));

    /// <summary>Numbers of each row for each channel that counts in one of them.</summary>
    /// <param name="isRun">Which channels count [batch, channels].</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="body">Writes them, [batch] each, of one channel's index.</param>
    /// <returns>[batch, channels] each; zeros where a channel counts in no row.</returns>
    private string[] Each(string isRun, int count, Func<NodeWriter, string, string[]> body)
    {
        NodeWriter write = layer.Write;
        string any = write.Greatest(write.Cast(isRun, ElementTypes.Float), [0], keep: false);

        // A loop that never runs has outputs of no known shape, so the first channel is always run.
        string isFirst = write.Cast(write.Node("Equal", [write.Counted(any, 0), write.Int(0)]), ElementTypes.Float);
        string channels = write.Reshape(write.Node("NonZero", [write.Node("Max", [any, isFirst])]), -1);

        var inside = new NodeWriter($"{BakedFile.Prefix}loop/", write.Opset, file.Has);
        (string turn, string goesOn) = (inside.Fresh("turn"), inside.Fresh("goes_on"));
        string[] made = body(inside, inside.Node("Gather", [channels, turn]));
        var graph = new GraphProto { Name = "channel" };
        graph.Input.AddRange([BakedFile.Info(turn, ElementTypes.Int64), BakedFile.Info(goesOn, ElementTypes.Bool)]);
        graph.Output.Add(BakedFile.Info(inside.Node("Identity", [goesOn]), ElementTypes.Bool));
        graph.Output.AddRange(made.Select(name => BakedFile.Info(name, layer.Type, new TensorShapeProto.Types.Dimension())));
        graph.Node.AddRange(inside.Nodes);
        write.Weights.AddRange(inside.Weights);
        write.Need(inside.Opset);

        string[] found = write.Several("Loop", [write.Node("Size", [channels]), ""], count, ("body", graph));
        string none = write.Cast(write.Node("And", [isRun, write.Node("Not", [isRun])]), layer.Type);
        return [.. found.Select(one => write.Node("ScatterElements", [none, write.Expand(write.Unsqueeze(channels, 0), write.Shape(write.Transpose(one, 1, 0))), write.Transpose(one, 1, 0)], ("axis", 1)))];
    }
}

using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;
using static Microsoft.ML.AbsCam.Onnx.Format.TensorShapeProto.Types;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Puts the parts together: the layer and its gradient, the method's formula, the target, the file; and has them checked.</summary>
internal static class Bakery
{
    /// <summary>A file for whatever runs ONNX.</summary>
    public static (byte[] File, BakedNetwork Told) Bake(OnnxImageNetwork network, BakeOptions options)
    {
        (byte[] file, BakedNetwork told, _) = Bake(network, options, judges: false);
        return (file, told);
    }

    /// <summary>The same, and what it says of itself.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How to explain.</param>
    /// <param name="judges">Whether the graph also gives what its maps are judged by, as this library judges them: for itself, at the network's own input size.</param>
    public static (byte[] File, BakedNetwork Told, BakedPlan Plan) Bake(OnnxImageNetwork network, BakeOptions options, bool judges)
    {
        BakeDraft draft = Write(network, options, judges);
        double? difference = draft.Run(draft.File);
        if (difference is null && draft.Check.Elsewhere() is SaliencyTarget other)
        {
            // Made-up images have nothing of what is asked: the same nodes with other numbers in them are tried, which ask about something that they have.
            BakeDraft like = Write(network, options with { Target = other }, judges);
            difference = like.Run(like.File);
        }

        return (draft.File, draft.Told with { Difference = difference ?? throw draft.Check.AllFlat() }, draft.Plan);
    }

    /// <summary>The file as it is before it has been run.</summary>
    /// <inheritdoc cref="Bake(OnnxImageNetwork, BakeOptions, bool)"/>
    public static BakeDraft Write(OnnxImageNetwork network, BakeOptions options, bool judges)
    {
        TargetSeed.Check(options.Target, options.TargetInput);
        Func<MapNodes, WrittenMap> formula = options.Method.Nodes
            ?? throw new ArgumentException($"The method '{options.Method}' cannot be baked yet; take one of {string.Join(", ", NetworkBaking.Methods)}.");
        FeatureLayer layer = network.FindLayer(options.Layer);
        (ReadOnlyMemory<byte> original, OnnxNetwork imported) = network.ToBake();
        var file = new BakedFile(OnnxFile.Read(original, network.Name));
        HalfWidths.Refuse(file.Graph, network.Name);
        InputSizes sizes = InputSizes.Of(file.Graph, imported, mayGrow: !judges && layer.Tokens is null);
        var writer = new NodeWriter(BakedFile.Prefix, imported.Opset, file.Has);
        file.Upgrade(writer, imported.Opset, network.Name);
        string? given = options.TargetInput ? file.Free("target") : null;
        var asked = new AskedNodes(network, options, writer, given, sizes);
        LayerNodes nodes = imported.Write(writer, layer.Name, sizes.Larger, asked.Of);
        if (judges && nodes.Type != ElementTypes.Float)
        {
            throw new NetworkLoadException($"{network.Name}: maps are judged as float, and the layer '{layer.Name}' holds {ElementTypes.Name(nodes.Type)}.");
        }

        (string Map, string OfChanged)? both = judges ? RoundingCheck.Twice(formula, nodes, [layer.Channels, layer.Height, layer.Width]) : null;
        WrittenMap low = both is null ? formula(new MapNodes(nodes, new ChannelLoop(file, imported, nodes, asked, sizes, network.Name))) : writer.Unsqueeze(both.Value.Map, 1);
        (string map, string range, string flatRange) = MapEnding.Write(writer, low, nodes.Scores, options.MapSize == MapSize.Layer ? null : sizes.Write(writer), nodes.Type, asked.Answer?.IsFound);
        string saliency = Named(writer, map, file.Free("saliency"));
        string saliencyClass = Named(writer, given is null ? asked.Classes : writer.Node("Identity", [given]), file.Free("saliency_class"));
        if (given is not null)
        {
            file.AddInput(given, ElementTypes.Int64, sizes.Batch);
        }

        (Dimension height, Dimension width) = options.MapSize == MapSize.Layer ? (new Dimension(), new Dimension()) : (sizes.Height, sizes.Width);
        file.AddOutput(saliency, ElementTypes.Float, sizes.Batch, height, width);
        file.AddOutput(saliencyClass, ElementTypes.Int64, sizes.Batch);
        BakedQuestion? question = asked.Answer is { } answer ? Written(answer) : null;
        var said = new SaidOfFile(network, imported, options, layer, sizes.IsOpen, sizes.IsOfOne || imported.RunsRowByRow);
        BakedPlan plan = said.Plan(nodes.RawScores, file, saliency, saliencyClass, given, question);
        if (both is var (one, other))
        {
            string isRounding = RoundingCheck.Write(writer, one, other);
            plan = plan with { Judges = (range, flatRange, isRounding) };
            file.AddOutputs(range, flatRange, isRounding);
        }
        else
        {
            file.Say("abscam.version", typeof(Bakery).Assembly.GetName().Version!.ToString(3));
            foreach ((string key, string value) in plan.Said)
            {
                file.Say(key, value);
            }
        }

        file.KeepRead(writer);
        if (file.Missing(writer).FirstOrDefault() is string missing)
        {
            throw new NetworkLoadException($"{network.Name}: the value '{missing}' is none of the file's own graph: it lies inside a branch (If), or is made of outputs that are read together, which cannot be baked. Export the model with fixed sizes, without branches, and with one output.");
        }

        byte[] written = file.With(writer);
        var told = new BakedNetwork(
            options.Method.Name, layer.Name, saliency, saliencyClass, given, writer.Opset, writer.Nodes.Count, original.Length, written.Length, double.NaN, sizes.IsOpen)
        {
            FurtherOutputs = [.. question?.Outputs ?? []],
        };
        var check = new BakeCheck(network, imported, options, layer, saliency, saliencyClass, given, question, writer.Adjoints);
        return new BakeDraft(written, told, plan, writer.Adjoints, check, bytes => check.Run(bytes, sizes));

        BakedQuestion Written(OutputAnswer answer)
        {
            string Output(string value, string name, params Dimension[] shape)
            {
                string named = Named(writer, MapEnding.AsFloat(writer, value, nodes.Type), file.Free(name));
                file.AddOutput(named, ElementTypes.Float, [sizes.Batch, .. shape]);
                return named;
            }

            bool isLikeness = answer.Place is null;
            bool isBox = network.Layout is OutputLayout.Detections;
            string? against = answer.Against is null ? null : Named(writer, answer.Against, file.Free("saliency_against"));
            if (against is not null)
            {
                file.AddOutput(against, ElementTypes.Int64, sizes.Batch);
            }

            return new BakedQuestion(
                isLikeness ? BakedQuestionKind.Likeness : isBox ? BakedQuestionKind.Box : BakedQuestionKind.Region,
                Output(answer.Shown, "saliency_scores", new Dimension { DimValue = isLikeness ? 1 : asked.ClassesOfPlace }))
            {
                Place = isLikeness ? null : isBox ? Output(answer.Place!, "saliency_box", new Dimension { DimValue = 4 }) : Output(answer.Place!, "saliency_region", new Dimension(), new Dimension()),
                Against = against,
                Sides = (options.Target as BoxTarget)?.Sides,
                Reference = (options.Target as SimilarityTarget)?.Reference,
            };
        }
    }

    // An output has the name that users know it by.
    private static string Named(NodeWriter writer, string value, string name)
    {
        writer.Name(value, name);
        return name;
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.AbsCam.Networks.Onnx.Signature;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>Reads what a baked file says of itself, without parsing its graph.</summary>
internal static class BakedPlanReader
{
    // As many numbers as an imported network's image may have.
    private const int Most = 1 << 26;

    /// <param name="file">The bytes of a model file.</param>
    /// <returns>Null where it is none, or says nothing of the kind.</returns>
    /// <exception cref="FormatException">It says something that cannot be.</exception>
    public static BakedPlan? Read(ReadOnlySpan<byte> file)
    {
        Dictionary<string, string> said = new(StringComparer.Ordinal);
        try
        {
            var model = new WireFields(file);
            while (model.MoveNext())
            {
                if (model.Number == ModelProto.MetadataPropsFieldNumber)
                {
                    (string key, string value) = Pair(model.Content);
                    said[key] = value;
                }
            }
        }
        catch (InvalidDataException)
        {
            // No model, which its import then explains.
            return null;
        }

        return Of(said);
    }

    private static (string Key, string Value) Pair(ReadOnlySpan<byte> message)
    {
        (string key, string value) = ("", "");
        var entry = new WireFields(message);
        while (entry.MoveNext())
        {
            (key, value) = entry.Number switch
            {
                StringStringEntryProto.KeyFieldNumber => (Encoding.UTF8.GetString(entry.Content), value),
                StringStringEntryProto.ValueFieldNumber => (key, Encoding.UTF8.GetString(entry.Content)),
                _ => (key, value),
            };
        }

        return (key, value);
    }

    /// <param name="said">A file's metadata.</param>
    /// <returns>Null where the file says nothing of the kind.</returns>
    /// <exception cref="FormatException">It says something that cannot be.</exception>
    private static BakedPlan? Of(IReadOnlyDictionary<string, string> said)
    {
        if (said.GetValueOrDefault($"{BakedPlan.Prefix}plan") is not (BakedPlan.Version or BakedPlan.VersionOfQuestions))
        {
            return null;
        }

        int[] layer = Sizes("layer.shape");
        int[] input = Sizes("input.shape");
        OutputLayout? layout = Maybe("layout") is { } lies ? LayoutText.Read(lies) ?? throw Wrong("layout") : null;
        return new BakedPlan
        {
            Method = The("method"),
            Target = The("target"),
            Model = The("model.sha256"),
            AtLayerSize = The("map") == "layer",
            Layer = new FeatureLayer(The("layer"), The("layer.operator"), layer[0], layer[1], layer[2], The("layer.is.default") == "yes", The("layer.verdict"))
            {
                Kind = Known<LayerVerdict>("layer.kind"),
                Reason = The("layer.reason"),
                Tokens = Whole("layer.tokens"),
                Stride = Whole("layer.stride"),
                ReceptiveField = Whole("layer.field"),
                WorkBefore = Real("layer.work"),
            },
            Input = The("input"),
            InputType = Whole("input.type") ?? ElementTypes.Float,
            ChannelsLast = The("input.layout") == "NHWC",
            Shape = new NetworkShape(input[0], input[1], input[2], Whole("scores.count") is int count and > 0 and <= Most ? count : throw Wrong("scores.count")) { OneScoreIsOneClass = layout is OutputLayout.Detections },
            SizeIsOpen = The("input.size") == "open",
            IsOfOne = The("batch") == "one",
            Scores = The("scores"),
            ScoresAreOutput = The("scores.place") == "output",
            Evidence = new ScoreEvidence(Known<ScoreKind>("scores.kind"), Maybe("scores.finding"), Real("scores.total") ?? 1),
            Saliency = The("saliency"),
            Classes = The("saliency.class"),
            Given = Maybe("given"),
            Class = Whole("class"),
            Against = Maybe("against"),
            Gamma = Real("gamma"),
            Output = Whole("output"),
            Sign = Whole("sign") ?? 1,
            Layout = layout,
            Question = The("plan") == BakedPlan.VersionOfQuestions ? Question() : null,
            Labels = Maybe("labels")?.Split('\n'),
        };

        string? Maybe(string key) => said.GetValueOrDefault(BakedPlan.Prefix + key);
        string The(string key) => Maybe(key) ?? throw Wrong(key);
        FormatException Wrong(string key) => new($"the metadata entry '{BakedPlan.Prefix}{key}' is {(Maybe(key) is { } text ? $"'{text}'" : "missing")}");
        int? Whole(string key) => Maybe(key) is not { } text ? null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : throw Wrong(key);
        double? Real(string key) => Maybe(key) is not { } text ? null : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Wrong(key);
        T Known<T>(string key)
            where T : struct, Enum
            => Enum.TryParse(The(key), out T value) && Enum.IsDefined(value) ? value : throw Wrong(key);

        BakedQuestion Question()
        {
            BakedQuestionKind kind = Known<BakedQuestionKind>("question");
            double[]? sides = Maybe("question.sides")?.Split(' ').Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double side) && double.IsFinite(side) ? side : throw Wrong("question.sides")).ToArray();
            return new BakedQuestion(kind, The("question.shown"))
            {
                Place = kind == BakedQuestionKind.Likeness ? null : The("question.place"),
                Against = Maybe("question.against"),
                Sides = sides is null || (sides is [var left, var top, var right, var bottom] && right > left && bottom > top) ? sides : throw Wrong("question.sides"),
                Reference = kind == BakedQuestionKind.Likeness ? Reference(The("question.reference")) : null,
            };
        }

        float[] Reference(string text)
        {
            byte[] bytes = new byte[text.Length];
            float[] reference = Convert.TryFromBase64String(text, bytes, out int length) && length % sizeof(float) == 0 ? [.. MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, length))] : [];
            return reference.Length > 0 && Array.TrueForAll(reference, float.IsFinite) && reference.Any(value => value != 0) ? reference : throw Wrong("question.reference");
        }

        int[] Sizes(string key)
        {
            int[] sizes = [.. The(key).Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0 ? size : throw Wrong(key))];
            return sizes.Length == 3 && sizes.Aggregate(1d, (product, size) => product * size) <= Most ? sizes : throw Wrong(key);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.AbsCam.Pipeline.Saved;

/// <summary>
/// Version 1.1 of the settings: enumerations by ordinal, Abs-CAM's maps as a phase and a reading beside the method, one layer beside several, and
/// column names among the other options. Options that came later are missing from the files of before, which meant what was done then.
/// </summary>
/// <remarks>The names are those of that version and stay as they are, whatever becomes of the enumerations.</remarks>
internal static class FirstVersion
{
    public const uint Number = 0x00010001;

    private const string PlainAbsCam = "abs-cam";
    private static readonly string[] Columns = ["Class", "Probability", "Scores", "Status", "Overlay", "Forwards", "Milliseconds"];

    /// <summary>Turns settings of this version into those of today, in place.</summary>
    /// <exception cref="JsonException">They are not of this version.</exception>
    public static void Lift(JsonObject settings)
    {
        JsonObject options = settings["Options"] as JsonObject ?? throw new JsonException("there are no options");
        Method(options);
        Layers(options);
        ColumnNames(options);

        // The guarantee was all there was.
        Name(options, "ToleranceKind", missing: "Guaranteed", "Expected", "Guaranteed");

        // One class an image was all there was.
        Name(options, "ScoreRule", missing: "Softmax", "Auto", "Softmax", "Sigmoid", "Probabilities", "None");

        // Rows were read by one thread.
        options.TryAdd("ReadsAhead", false);
        Name(options, "Fusion", missing: "Product", "Product", "Mean");
        Name(options, "Layout", missing: "Auto", "Auto", "ChannelsFirst", "ChannelsLast");
        Name(options, "MapSize", missing: "Input", "Input", "Layer");
        Name(options, "Engine", missing: "Auto", "Auto", "OnnxRuntime", "TorchSharp");
        if (options["Preprocessing"] is JsonObject preprocessing)
        {
            Name(preprocessing, "Resize", missing: "CenterCrop", "CenterCrop", "Squash", "Pad");
            Name(preprocessing, "ColorOrder", missing: "Rgb", "Rgb", "Bgr", "Gray");
        }

        if (options["Overlay"] is JsonObject overlay)
        {
            Name(overlay, "ColorMap", missing: "Inferno", "Inferno", "Magma", "Viridis", "Turbo");
        }
    }

    /// <summary>A phase and a reading said something of plain Abs-CAM alone.</summary>
    private static void Method(JsonObject options)
    {
        string phase = Name(options, "Phase", missing: "Final", "Initial", "Final");
        string reading = Name(options, "Masks", missing: "", "", "-per-channel", "-whole", "-per-channel-logit");
        options.Remove("Phase");
        options.Remove("Masks");
        if ((options["Method"]?.GetValue<string>() ?? PlainAbsCam) == PlainAbsCam)
        {
            options["Method"] = phase == "Initial" ? $"{PlainAbsCam}-initial" : PlainAbsCam + reading;
        }
    }

    private static void Layers(JsonObject options)
    {
        if (options["Layer"]?.GetValue<string>() is { } layer)
        {
            options["Layers"] = new JsonArray(layer);
        }

        options.Remove("Layer");
    }

    private static void ColumnNames(JsonObject options)
    {
        var columns = new JsonObject();
        foreach (string column in Columns)
        {
            columns[column] = options[$"{column}Column"]?.GetValue<string>();
            options.Remove($"{column}Column");
        }

        options["Columns"] = columns;
    }

    /// <summary>Puts the name in the ordinal's place.</summary>
    private static string Name(JsonObject within, string property, string missing, params ReadOnlySpan<string> names)
    {
        string name = missing;
        if (within[property] is { } written)
        {
            int ordinal = written.GetValue<int>();
            name = ordinal >= 0 && ordinal < names.Length ? names[ordinal] : throw new JsonException($"{property} is {ordinal}, and there are {names.Length}");
        }

        within[property] = name;
        return name;
    }
}

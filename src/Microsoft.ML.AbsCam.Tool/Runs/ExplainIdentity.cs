using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What the results of 'explain' depend on, beside the photos.</summary>
internal static class ExplainIdentity
{
    /// <param name="model">The network's file.</param>
    /// <param name="options">How maps are made.</param>
    /// <param name="decoding">How photos are read.</param>
    /// <param name="save">What is written.</param>
    /// <param name="texts">Options that results depend on as they were given; one that begins with @ names a file whose content counts.</param>
    public static IReadOnlyDictionary<string, string> Of(string model, AbsCamOptions options, ImageFileOptions decoding, SaveKinds save, params IEnumerable<(string Name, string? Text)> texts)
    {
        var identity = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["model"] = FileHash(model),
            ["labels"] = options.Labels is null ? "none" : Hash(JsonSerializer.SerializeToUtf8Bytes(options.Labels)),
            ["method"] = options.Method.Name,
            ["layer"] = string.Join(" + ", options.Layers ?? ["default"]),
            ["preprocessing"] = JsonSerializer.Serialize(options.Preprocessing),
            ["decoding"] = string.Create(CultureInfo.InvariantCulture, $"{decoding.MinimumSize}, at most {decoding.MaxPixels}"),
            ["options"] = Hash(JsonSerializer.SerializeToUtf8Bytes(options with { Labels = null, Preprocessing = null })),
            ["outputs"] = save.ToString(),
        };
        foreach ((string component, string version) in ProgramVersion.Identity)
        {
            identity[component] = version;
        }

        foreach ((string name, string? text) in texts)
        {
            identity[name] = text is ['@', .. string file] ? FileHash(file) : text ?? "none";
        }

        return identity;
    }

    private static string FileHash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

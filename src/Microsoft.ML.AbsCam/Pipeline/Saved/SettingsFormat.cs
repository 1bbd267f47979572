using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam.Pipeline.Saved;

/// <summary>Settings as JSON: everything by its name, every option written, whatever its default.</summary>
/// <remarks>
/// A change of meaning (an option gone, renamed, or of another default where it is missing) raises <see cref="Version"/>, and a class such as
/// <see cref="FirstVersion"/> then turns what was written before into what it means now.
/// </remarks>
internal static class SettingsFormat
{
    /// <summary>The version that is written, as ML.NET counts: 1.2.</summary>
    public const uint Version = 0x00010002;

    /// <summary>The oldest that is read.</summary>
    public const uint Oldest = FirstVersion.Number;

    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new MethodNameConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="InvalidOperationException">The target is a function, which no file can hold.</exception>
    public static string Write(SavedSettings settings) => settings.Options.Target.Parts.OfType<OwnTarget>().FirstOrDefault() is { } own
        ? throw new InvalidOperationException($"The target '{own}' is a function of this program, which no file can hold, so the pipeline was not saved. Make it anew where it is needed, with the same function.")
        : JsonSerializer.Serialize(settings, Json);

    /// <param name="json">What was written.</param>
    /// <param name="version">By which version; not newer than <see cref="Version"/>.</param>
    /// <exception cref="InvalidDataException">It is not what such a version writes.</exception>
    public static SavedSettings Read(string json, uint version)
    {
        try
        {
            JsonObject written = JsonNode.Parse(json)?.AsObject() ?? throw new JsonException("it is null");
            if (version <= FirstVersion.Number)
            {
                FirstVersion.Lift(written);
            }

            SavedSettings settings = written.Deserialize<SavedSettings>(Json) ?? throw new JsonException("it is null");
            settings.Options.Validate();
            return settings;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The options inside the saved pipeline cannot be read ({e.Message}). The file is damaged; save the pipeline again.", e);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Saved pipelines name their method; only the ready-made ones can be found again by a name.</summary>
internal sealed class MethodNameConverter : JsonConverter<SaliencyMethod>
{
    public override SaliencyMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.GetString();
        return SaliencyMethod.All.FirstOrDefault(method => method.Name == name) ?? throw new JsonException($"there is no saliency method '{name}'");
    }

    public override void Write(Utf8JsonWriter writer, SaliencyMethod value, JsonSerializerOptions options)
    {
        if (!SaliencyMethod.All.Contains(value))
        {
            throw new InvalidOperationException($"The saliency method '{value.Name}' is this program's own, and a saved pipeline could not find it again. Save the pipeline with a ready-made method.");
        }

        writer.WriteStringValue(value.Name);
    }
}

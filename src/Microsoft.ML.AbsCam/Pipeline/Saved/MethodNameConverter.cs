using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam.Pipeline.Saved;

/// <summary>Saved pipelines name their method; only one whose name says all of it can be found again.</summary>
internal sealed class MethodNameConverter : JsonConverter<SaliencyMethod>
{
    public override SaliencyMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => SaliencyMethod.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, SaliencyMethod value, JsonSerializerOptions options)
    {
        if (!SaliencyMethod.TryParse(value.Name, out SaliencyMethod? found) || !found.Equals(value))
        {
            throw new InvalidOperationException($"The saliency method '{value.Name}' is this program's own, and a saved pipeline could not find it again. Save the pipeline with a ready-made method.");
        }

        writer.WriteStringValue(value.Name);
    }
}

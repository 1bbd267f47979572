using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A row of the report as the page holds it: what is known of it, then its pictures.</summary>
internal static class ReportPlate
{
    /// <summary>The serializer escapes &lt;, &gt; and &amp;, so no text can end the element that it stands in.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <param name="row">What is known of it.</param>
    /// <param name="photo">The photo, or null where it could not be read.</param>
    /// <param name="overlay">The photo with its map, or null where there is none.</param>
    public static string Of(ReportRow row, MLImage? photo, MLImage? overlay)
    {
        Thumbnail? plain = photo is null ? null : Thumbnail.Of(photo);
        Thumbnail? heat = overlay is null ? null : Thumbnail.Of(overlay);
        Thumbnail? shape = plain ?? heat;

        // Pictures are elements of their own behind the row's: the page reads them only when they come near the window.
        var plate = new StringBuilder();
        plate.Append("<script type=\"application/json\" class=\"row\">");
        plate.Append(JsonSerializer.Serialize(new { Row = Finite(row), Width = shape?.Width, Height = shape?.Height }, Json));
        plate.Append("</script>\n");
        Append(plate, "photo", plain);
        Append(plate, "heat", heat);
        return plate.ToString();
    }

    // JSON has no word for them.
    private static ReportRow Finite(ReportRow row) => row with
    {
        Probability = row.Probability is { } p && float.IsFinite(p) ? p : null,
        Milliseconds = double.IsFinite(row.Milliseconds) ? row.Milliseconds : 0,
    };

    private static void Append(StringBuilder plate, string kind, Thumbnail? picture)
    {
        if (picture is not null)
        {
            plate.Append("<script type=\"text/plain\" class=\"").Append(kind).Append("\">").Append(picture.Base64).Append("</script>\n");
        }
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>What stands in a page for its script.</summary>
internal static class PageText
{
    /// <summary>What is known of each image, in the page's order.</summary>
    public static JsonElement[] Rows(string page) => Elements(page, "row");

    /// <summary>The small photo and the maps of each image.</summary>
    public static JsonElement[] Details(string page) => Elements(page, "details");

    /// <summary>The only class that the only image was explained for.</summary>
    public static JsonElement OnlyTarget(string page) => Rows(page).Single().GetProperty("targets").EnumerateArray().Single();

    /// <summary>What an element with this attribute holds.</summary>
    public static JsonDocument Element(string page, string attribute)
        => JsonDocument.Parse(Regex.Match(page, $"<script type=\"application/json\" {Regex.Escape(attribute)}>(.*?)</script>").Groups[1].Value);

    /// <summary>The bytes of a picture as an image's source has them.</summary>
    public static byte[] Bytes(string source) => Convert.FromBase64String(source[(source.IndexOf(',', StringComparison.Ordinal) + 1)..]);

    private static JsonElement[] Elements(string page, string kind)
        => [.. Regex.Matches(page, $"<script type=\"application/json\" class=\"{kind}\">(.*?)</script>").Select(match => JsonDocument.Parse(match.Groups[1].Value).RootElement)];
}

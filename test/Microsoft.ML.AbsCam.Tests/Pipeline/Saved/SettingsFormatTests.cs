using System.Text.Json.Nodes;
using Microsoft.ML.AbsCam.Pipeline.Saved;

namespace Microsoft.ML.AbsCam.Tests.Pipeline.Saved;

/// <summary>What is no setting of its version is refused, and never taken for a default.</summary>
[TestClass]
public sealed class SettingsFormatTests
{
    private const uint First = 0x00010001;

    [TestMethod]
    public void Enumerations_are_written_by_name_and_every_option_is_written()
    {
        string json = SettingsFormat.Write(new SavedSettings("Saliency", "Image", new AbsCamOptions { ScoreRule = ScoreRule.Sigmoid }));
        StringAssert.Contains(json, "\"ScoreRule\":\"Sigmoid\"");
        StringAssert.Contains(json, "\"ToleranceKind\":\"Expected\"");
        Assert.IsFalse(json.Contains(nameof(AbsCamOptions.GpuDeviceId), StringComparison.Ordinal), "a device belongs to a machine");
    }

    [TestMethod]
    [DataRow("ScoreRule", "1", "ScoreRule")]
    [DataRow("ScoreRule", "\"Softest\"", "ScoreRule")]
    [DataRow("Unheard", "1", "Unheard")]
    [DataRow("Phase", "0", "Phase")]
    [DataRow("Method", "\"grad-kam\"", "grad-kam")]
    [DataRow("BatchSize", "0", "AbsCamOptions.BatchSize")]
    [DataRow("Columns", "null", "Columns")]
    public void An_option_that_this_version_does_not_write_is_refused(string option, string value, string named)
        => Refused(SettingsFormat.Write(new SavedSettings("Saliency", "Image", new AbsCamOptions())), SettingsFormat.Version, option, value, named);

    [TestMethod]
    [DataRow("ScoreRule", "7", "ScoreRule is 7")]
    [DataRow("ScoreRule", "\"Sigmoid\"", "")]
    [DataRow("Phase", "2", "Phase is 2")]
    [DataRow("Layer", "3", "")]
    public void An_option_that_the_first_version_did_not_write_is_refused(string option, string value, string named)
        => Refused("""{"OutputColumnName":"Saliency","InputColumnName":"Image","Options":{}}""", First, option, value, named);

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("""{"OutputColumnName":"Saliency","Options":{}}""")]
    [DataRow("""{"OutputColumnName":"Saliency","InputColumnName":"Image"}""")]
    [DataRow("""{"OutputColumnName":"Saliency","InputColumnName":"Image","Options":null}""")]
    public void Other_text_is_refused(string json)
    {
        Assert.ThrowsExactly<InvalidDataException>(() => SettingsFormat.Read(json, First));
        Assert.ThrowsExactly<InvalidDataException>(() => SettingsFormat.Read(json, SettingsFormat.Version));
    }

    private static void Refused(string json, uint version, string option, string value, string named)
    {
        JsonNode settings = JsonNode.Parse(json)!;
        settings["Options"]![option] = JsonNode.Parse(value);
        InvalidDataException refused = Assert.ThrowsExactly<InvalidDataException>(() => SettingsFormat.Read(settings.ToJsonString(), version));
        StringAssert.Contains(refused.Message, named);
        StringAssert.Contains(refused.Message, "The options inside the saved pipeline cannot be read");
    }
}

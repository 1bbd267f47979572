using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>Who knows whom, in the picture of the design page as in the code.</summary>
[TestClass]
public sealed partial class ArrowsTests
{
    private const string DesignPage = "docs/contribute/design.md";

    private static string Source => Path.Combine(Repository.Root, "src");

    [TestMethod]
    public void The_picture_of_the_house_has_every_arrow_of_the_code_and_no_other()
    {
        string picture = string.Join('\n', Rooms().Picture());
        string told = Picture().Match(File.ReadAllText(Path.Combine(Repository.Root, DesignPage)).ReplaceLineEndings("\n")).Groups["picture"].Value;
        Assert.AreEqual(picture, told, $"{DesignPage} shows another house. If the new arrow is meant, write:\n{picture}\n");
    }

    [TestMethod]
    [DataRow("Microsoft.ML.AbsCam")]
    [DataRow("Microsoft.ML.AbsCam.Onnx")]
    [DataRow("Microsoft.ML.AbsCam.Tool")]
    [DataRow("Microsoft.ML.AbsCam.Demo")]
    public void Of_two_folders_side_by_side_one_knows_the_other_at_most(string project) =>
        Assert.AreEqual("", string.Join('\n', new CodeMap((null, Path.Combine(Source, project))).BothWays));

    [TestMethod]
    public void An_arrow_is_a_type_named_in_code()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Up/One.cs", "class One { Two two; } // Three");
        folder.Write("Down/Two.cs", "record Two(string Text = \"One\");");
        folder.Write("Down/Deep/Three.cs", "enum Three { } class Four { Two below; }");
        folder.Write("Down/High/Five.cs", "struct Five { Three three; string text = $\"{nameof(One)}\"; }");
        var map = new CodeMap((null, folder.Path));
        CollectionAssert.AreEquivalent((string[])["Up > Down", "Down/High > Down/Deep", "Down > Up"], map.Arrows.Select(arrow => $"{arrow.From} > {arrow.To}").ToArray());
        Assert.AreEqual("Down and Up", string.Join(", ", map.BothWays));
        Assert.ThrowsExactly<InvalidOperationException>(() => map.Picture().ToList());
        folder.Write("Down/High/Five.cs", "struct Five { Three three; }");
        CollectionAssert.AreEqual((string[])["Up → Down", "Down"], new CodeMap((null, folder.Path)).Picture().ToArray());
    }

    private static CodeMap Rooms() => new(
        ("Tool", Path.Combine(Source, "Microsoft.ML.AbsCam.Tool")),
        (null, Path.Combine(Source, "Microsoft.ML.AbsCam")),
        ("Onnx", Path.Combine(Source, "Microsoft.ML.AbsCam.Onnx")));

    [GeneratedRegex(@"```\n(?<picture>[^`]*→[^`]*?)\n```")]
    private static partial Regex Picture();
}

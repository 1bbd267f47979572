using System.Text;
using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tests.Tool.Inputs;

/// <summary>Whatever files are called, and however folders lead to one another, each photo is explained once, and its name does no harm.</summary>
[TestClass]
public class NamesTests : CommandTest
{
    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task Links_to_folders_are_followed_and_each_folder_is_listed_once()
    {
        NeedsLinks();
        Spot("photos/a.png");
        Spot("photos/sub/b.png");
        Spot("elsewhere/c.png");
        Directory.CreateSymbolicLink(At("photos", "x"), ".");
        Directory.CreateSymbolicLink(At("photos", "y"), ".");
        Directory.CreateSymbolicLink(At("photos", "sub", "up"), "..");
        Directory.CreateSymbolicLink(At("photos", "other"), At("elsewhere"));
        Directory.CreateSymbolicLink(At("photos", "again"), At("photos", "other"));
        CommandResult result = await ExplainAsync(At("photos"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        CollectionAssert.AreEqual((string[])["a.png", "again/c.png", "sub/b.png"], Results().Select(row => row[0]).ToArray());
        StringAssert.Contains(result.Output + result.Errors, "is a link to one that is listed already");

        Directory.Delete(Output, recursive: true);
        Assert.AreEqual(0, (await ExplainAsync(At("photos", "**", "*.png"))).ExitCode);
        Assert.HasCount(3, Results());
    }

    [TestMethod]
    public async Task Names_too_long_for_an_ending_and_pairs_of_one_name_stop_no_run()
    {
        string[] photos = [new string('x', 251) + ".png", new string('x', 251) + ".jpg", new string('y', 240) + ".png", string.Concat(Enumerable.Repeat("\u00e9", 120)) + ".webp"];
        foreach (string photo in photos)
        {
            Spot($"photos/{photo}");
        }

        CommandResult result = await ExplainAsync(At("photos"), "--target", "top:2", "--save", "npy,overlay,report");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        Assert.HasCount(2 * photos.Length, rows);
        CollectionAssert.AllItemsAreUnique(rows.Select(row => row[6]).ToArray());
        string[] before = ResultFolder.Of(Output);
        Assert.IsTrue(rows.All(row => File.Exists(At("out", row[6]))));
        CommandResult again = await ExplainAsync(At("photos"), "--target", "top:2", "--save", "npy,overlay,report", "--resume");
        StringAssert.Contains(again.Output, "4 of 4 images were done before");
        CollectionAssert.AreEqual(before, ResultFolder.Of(Output), "names stay");
    }

    [TestMethod]
    public async Task A_folder_that_is_called_as_a_result_stops_no_run()
    {
        Spot("photos/a.jpg");
        Spot("photos/a.npy/b.png");
        Spot("photos/a.png/c.jpg");
        Spot("photos/d.jpg");
        Spot("photos/d-1.npy/e.jpg");
        CommandResult result = await ExplainAsync(At("photos"), "--target", "top:2");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        Assert.HasCount(10, rows);
        Assert.IsTrue(rows.All(row => File.Exists(At("out", row[6]))));
    }

    [TestMethod]
    public async Task Control_characters_in_names_and_labels_are_shown_and_not_obeyed()
    {
        NeedsLinks();
        const string name = "a\u001b]0;title\u0007\nabscam: forged\u202e.png";
        Write($"photos/{name}", Encoding.ASCII.GetBytes("no picture"));
        CommandResult result = await ExplainAsync(At("photos"));
        Refused(result, @"abscam: a\u001b]0;title\u0007\u000aabscam: forged\u202e.png: ", exitCode: 1);
        Assert.IsFalse(result.Errors.Any(letter => char.IsControl(letter) && letter != '\n'));
        Refused(await ExplainAsync(At("none\u001b[2J.png")), @"none\u001b[2J.png'");
        Refused(await ExplainAsync(Spot("b.png"), "--labels", Write("labels.txt", "one\u001b[2J", "two", "three"), "--target", "one"), @"one\u001b[2J");
    }

    [TestMethod]
    public void Text_is_escaped_where_it_could_command_a_terminal_and_nowhere_else()
    {
        Assert.AreEqual("K\u00e4tzchen \ud83d\ude38 \u732b", TerminalText.Escaped("K\u00e4tzchen \ud83d\ude38 \u732b"));
        Assert.AreEqual(@"\u0009\u007f\u009b\u2028\u2066\ud83d", TerminalText.Escaped("\t\u007f\u009b\u2028\u2066\ud83d"));
    }

    [TestMethod]
    public async Task What_a_spreadsheet_would_run_is_a_text_in_the_table()
    {
        Spot("photos/=1+2.png");
        Spot("photos/-3.png");
        CommandResult result = await ExplainAsync(At("photos"), "--labels", Write("labels.txt", "@SUM(A1)", "+4", "neither"), "--target", "top:2");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        CollectionAssert.AreEqual((string[])["'-3.png", "'=1+2.png"], rows.Select(row => row[0]).Distinct().ToArray());
        CollectionAssert.AreEquivalent((string[])["'@SUM(A1)", "+4"], rows.Select(row => row[3]).Distinct().ToArray(), "a number with a sign is a number");
    }

    [TestMethod]
    public async Task A_name_that_is_not_UTF_8_is_named_as_such()
    {
        NeedsLinks();
        Spot("photos/a.png");
        using (var make = System.Diagnostics.Process.Start("sh", ["-c", $"cp '{At("photos", "a.png")}' \"$(printf '{At("photos")}/caf\\351.png')\" && cp '{At("photos", "a.png")}' \"$(printf '{At("photos")}/caf\\350.png')\""]))
        {
            await make.WaitForExitAsync();
            Assert.AreEqual(0, make.ExitCode);
        }

        CommandResult result = await ExplainAsync(At("photos"));
        Refused(result, "its name is not UTF-8, so nothing here can open it. Rename it.", exitCode: 1);
        Assert.HasCount(3, Results(), "two names that look alike are two files");

        // The runtime cannot take them away either.
        using var remove = System.Diagnostics.Process.Start("rm", ["-r", At("photos")]);
        await remove.WaitForExitAsync();
    }

    [TestMethod]
    public async Task A_backslash_is_a_letter_where_it_is_one()
    {
        NeedsLinks();
        Spot(@"photos/a\b.png");
        Spot("photos/a/b.png");
        CommandResult result = await ExplainAsync(At("photos"), "--target", "@" + Write("targets.csv", "image,target", @"a\b.png,1", "a/b.png,0"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        CollectionAssert.AreEqual((string[])["a/b.png 0", @"a\b.png 1"], Results().Select(row => $"{row[0]} {row[2]}").ToArray());
    }

    [TestMethod]
    public void Names_fit_a_file_system_with_an_ending_more()
    {
        Assert.AreEqual("a/b", FileNames.Fitting("a/b"));
        string fitting = FileNames.Fitting($"{new string('a', 300)}/{new string('b', 300)}");
        Assert.IsTrue(fitting.Split('/').All(name => name.Length is > 200 and < 240 && name.Contains('~', StringComparison.Ordinal)), fitting);
        Assert.AreNotEqual(FileNames.Fitting(new string('a', 300) + "1"), FileNames.Fitting(new string('a', 300) + "2"));
        string deep = string.Join('/', Enumerable.Range(0, 100).Select(i => new string('d', 50)));
        Assert.IsLessThan(256, FileNames.Fitting(deep).Length);
    }

    private static void NeedsLinks()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("needs names and links that Windows does not have");
        }
    }
}

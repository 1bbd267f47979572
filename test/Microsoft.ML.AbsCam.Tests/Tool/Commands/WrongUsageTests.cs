namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>What is wrong with the whole run is found before it begins: exit code 2, and no output folder.</summary>
[TestClass]
public class WrongUsageTests : CommandTest
{
    [TestMethod]
    [DataRow("--batch 0", "--batch 0: a whole number from 1 to 4096 is expected")]
    [DataRow("--batch many", "--batch many: a whole number")]
    [DataRow("--batch 2.5", "--batch 2.5: a whole number")]
    [DataRow("--size 0", "--size 0: a whole number from 1 to 16384 is expected, or a height and a width such as 48x192")]
    [DataRow("--size 65", "fixes the height at 64; 65 was asked for")]
    [DataRow("--size 64x32x3", "--size 64x32x3: a whole number")]
    [DataRow("--size 64x", "--size 64x: a whole number")]
    [DataRow("--scale 0", "--scale 0: a number above 0 is expected")]
    [DataRow("--scale 1/x", "--scale 1/x: a number above 0")]
    [DataRow("--colors cmyk", "--colors cmyk: one of rgb, bgr, grey, gray is expected")]
    [DataRow("--resize-to 63", "--resize-to 63: it is the shorter side before the centre is cut out")]
    [DataRow("--resize-to 70 --resize pad", "--resize-to 70: it is")]
    [DataRow("--colors grey", "gives grey levels, one plane, and the network")]
    [DataRow("--colors grey --mean 1,2,3", "--mean 1,2,3: one of the numbers")]
    [DataRow("--mean 1,2", "--mean 1,2: three numbers are expected")]
    [DataRow("--mean a,b,c", "--mean a,b,c: three numbers")]
    [DataRow("--std 1,1,0", "--std 1,1,0: three numbers above 0")]
    [DataRow("--tolerance 2", "--tolerance 2: a distance from 0 to below 1")]
    [DataRow("--tolerance NaN", "--tolerance NaN: a distance")]
    [DataRow("--tolerance-kind sure", "--tolerance-kind sure: one of expected, guaranteed")]
    [DataRow("--max-pixels 0", "--max-pixels 0: a whole number")]
    [DataRow("--max-pixels 99999999999999999999", "--max-pixels 99999999999999999999: a whole number")]
    [DataRow("--phase third", "--phase third: one of initial, final is expected")]
    [DataRow("--masks none", "--masks none: one of weighted, per-channel, per-channel-logit, whole")]
    [DataRow("--resize none", "--resize none: one of crop, squash, pad")]
    [DataRow("--on-error cry", "--on-error cry: one of skip, stop")]
    [DataRow("--method magic", "--method magic: There is no saliency method 'magic'. The methods are abs-cam, ")]
    [DataRow("--method smooth(magic)", "--method smooth(magic): There is no saliency method 'magic'")]
    [DataRow("--method rise --layer maps", "The method 'rise' works on the image and has no layer, and the layer 'maps' is named")]
    [DataRow("--save maps", "--save maps: npy, overlay, report and parquet can be saved")]
    [DataRow("--layer mops", "no layer named 'mops'. Did you mean 'maps'")]
    [DataRow("--target 3", "--target 3: the network has 3 classes, 0 to 2")]
    [DataRow("--target -1", "--target -1: predicted, top:K, a class, @FILE.csv, contrast:, output:, region:, box: or similar: is expected")]
    [DataRow("--target dark", "its name will do where --labels gives the names")]
    [DataRow("--target top:0", "--target top:0: after 'top:' comes a number of classes, 1 to 3")]
    [DataRow("--target top:4", "--target top:4: after 'top:'")]
    [DataRow("--target top:99999999999", "--target top:99999999999: after 'top:'")]
    [DataRow("--target contrast:7", "--target contrast:7: the network has 3 classes, 0 to 2")]
    [DataRow("--target output:x", "--target output:x: after 'output:' comes the place of a number")]
    [DataRow("--target box:1,2,0,4", "a box is its left and upper side")]
    [DataRow("--target box:best", "Ask about a class, a contrast of two")]
    [DataRow("--target similar:none.png", "--target similar:none.png: ")]
    [DataRow("--target @none.csv", "--target @none.csv: it cannot be read")]
    [DataRow("--truth @none.csv", "--truth @none.csv: it cannot be read")]
    [DataRow("--truth perhaps", "--truth perhaps: 'folder' or @FILE.csv is expected")]
    [DataRow("--labels none.txt", "The label file 'none.txt' cannot be read")]
    [DataRow("--colour red", "'--colour'")]
    [DataRow("--batch", "--batch")]
    public async Task A_wrong_option_is_named(string option, string because)
    {
        CommandResult result = await RunAsync(["explain", Spot("a.png"), "--model", Model(), "--output", Output, .. option.Split(' ')]);
        Refused(result, because);
        Assert.AreEqual("", result.Output);
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    public async Task An_unknown_class_name_brings_near_ones()
    {
        CommandResult result = await ExplainAsync(Spot("a.png"), "--target", "brigth", "--labels", Labels());
        Refused(result, "There is no class named 'brigth' among the 3 labels. Did you mean 'bright'");
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("\n\n", "is empty")]
    [DataRow("one\ntwo", "has 2 names, and the network has 3 classes")]
    [DataRow("one\ntwo\nthree\nfour", "has 4 names, and the network has 3 classes")]
    public async Task Labels_are_one_a_class(string labels, string because)
    {
        Refused(await ExplainAsync(Spot("a.png"), "--labels", Write("labels.txt", labels)), because);
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("\n", "does not name the columns")]
    [DataRow("image,class\na.png,1", "does not name the columns 'image' and 'target'")]
    [DataRow("image,target\na.png", "line 2 has too few fields")]
    [DataRow("image,target\nz.png,1", "names none of the 1 images")]
    public async Task A_file_of_classes_needs_its_columns(string text, string because)
    {
        Refused(await ExplainAsync(Spot("a.png"), "--target", "@" + Write("targets.csv", text)), because);
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    public async Task Images_that_are_not_there_are_named()
    {
        Directory.CreateDirectory(At("photos"));
        Refused(await ExplainAsync(At("photos")), "photos' has no images in it");
        Refused(await ExplainAsync(At("none.jpg")), "There is no file");
        Refused(await ExplainAsync(At("photos", "*.jpg")), "no file fits it as a pattern");
        Refused(await ExplainAsync([Spot("a.png"), At("none.jpg")]), "none.jpg'");
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    public async Task Commands_without_what_they_need_point_to_the_help()
    {
        Refused(await RunAsync(), "See 'abscam --help'");
        Refused(await RunAsync("explain"), "See 'abscam explain --help'");
        Refused(await RunAsync("explain", "a.jpg"), "'--model' is required");
        Refused(await RunAsync("layers"), "See 'abscam layers --help'");
        Refused(await RunAsync("expalin", "a.jpg"), "'expalin'");
        Refused(await RunAsync("demo", "--pictures", "0"), "--pictures 0: a whole number");
    }

    [TestMethod]
    public async Task An_output_folder_that_cannot_be_one_is_named()
    {
        string file = Write("taken", "a file");
        string[] explain = ["explain", Spot("a.png"), "--model", Model(), "--phase", "initial", "--output"];
        Refused(await RunAsync([.. explain, file]), $"The output folder '{file}' cannot be written to");
        Refused(await RunAsync([.. explain, Path.Combine(file, "below")]), "cannot be written to");
        Refused(await RunAsync("demo", "--output", file), "Give another folder with --output");
        Assert.AreEqual("a file", File.ReadAllText(file));
    }

    [TestMethod]
    public async Task A_read_only_output_folder_is_named()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("needs /proc, where nobody can make a folder");
        }

        Refused(await RunAsync("explain", Spot("a.png"), "--model", Model(), "--output", "/proc/abscam"), "The output folder '/proc/abscam' cannot be written to");
    }

    [TestMethod]
    public async Task A_file_where_a_folder_of_maps_should_be_ends_the_run_with_a_message()
    {
        Write("out/maps", "a file");
        CommandResult result = await ExplainAsync(Spot("a.png"));
        Refused(result, "results cannot be written", exitCode: 3);
        Assert.IsEmpty(Directory.GetFiles(Output, "*.tmp"));
    }
}

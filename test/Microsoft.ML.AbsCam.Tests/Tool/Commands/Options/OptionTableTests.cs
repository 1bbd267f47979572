using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands.Options;

/// <summary>An option means the same in every command that has it: it reaches the maps, the page's header and the journal.</summary>
[TestClass]
public class OptionTableTests : CommandTest
{
    private static readonly string[] Shared = ["--layer", "--fusion", "--scores", "--engine", "--device", "--batch", "--max-pixels", "--decode", "--target", "--resize", "--scores-output", "--max-nodes"];

    [TestMethod]
    [DataRow("explain")]
    [DataRow("compare")]
    [DataRow("evaluate")]
    public async Task What_decides_maps_is_an_option_of_every_command_that_makes_them(string command)
    {
        string help = (await RunAsync(command, "--help")).Output;
        foreach (string option in Shared)
        {
            StringAssert.Contains(help, option);
        }
    }

    [TestMethod]
    [DataRow("explain", "--layer before --layer maps", "the product of the layers' maps")]
    [DataRow("explain", "--layer before --layer maps --fusion mean", "the mean of the layers' maps")]
    [DataRow("explain", "--scores sigmoid", "by sigmoid of each score, as asked")]
    [DataRow("explain", "--engine torchsharp", "TorchSharp, as asked")]
    [DataRow("explain", "--decode whole", "photos at their own size")]
    [DataRow("compare", "--layer before --layer maps --fusion mean", "the mean of the layers' maps")]
    [DataRow("compare", "--scores sigmoid", "by sigmoid of each score, as asked")]
    [DataRow("compare", "--engine torchsharp", "TorchSharp, as asked")]
    [DataRow("compare", "--decode reduced", "large JPEG photos at a fraction of their size")]
    [DataRow("evaluate", "--layer before --layer maps --fusion mean", "the mean of the layers' maps")]
    [DataRow("evaluate", "--engine torchsharp", "TorchSharp, as asked")]
    public async Task The_page_shows_it_and_the_journal_tells_runs_apart_by_it(string command, string options, string onPage)
    {
        string[] run = Command(command);
        Assert.AreEqual(0, (await RunAsync(run)).ExitCode);
        Assert.IsFalse(Page().Contains(onPage, StringComparison.Ordinal));
        string[] other = [.. run, .. options.Split(' ')];
        StringAssert.Contains((await RunAsync([.. other, "--resume"])).Errors, "(other ");
        CommandResult result = await RunAsync([.. other, "--overwrite"]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(Page(), onPage);

        string Page() => System.Net.WebUtility.HtmlDecode(File.ReadAllText(At("out", "index.html")));
    }

    [TestMethod]
    public async Task A_comparison_sees_scores_layers_and_engines_as_explaining_does()
    {
        Spot("photos/a.png");
        double softmax = await ProbabilityAsync();
        double sigmoid = await ProbabilityAsync("--scores", "sigmoid");
        Assert.AreNotEqual(softmax, sigmoid);
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--scores", "sigmoid")).ExitCode);
        Assert.AreEqual(double.Parse(Results().Single()[4], System.Globalization.CultureInfo.InvariantCulture), sigmoid, 1e-5);

        async Task<double> ProbabilityAsync(params string[] options)
        {
            string output = At($"compared{options.Length}");
            CommandResult result = await RunAsync(["compare", At("photos"), "--model", Model(), "--methods", "grad-cam", "--measures", "drop", "--output", output, .. BrightnessNetwork.Options, .. options]);
            Assert.AreEqual(0, result.ExitCode, result.Errors);
            return double.Parse(Csv.Parse(File.ReadAllText(Path.Combine(output, "rows.csv")))[1][4], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [TestMethod]
    public async Task The_pixel_limit_holds_in_comparisons()
    {
        Spot("photos/a.png");
        CommandResult result = await RunAsync(["compare", At("photos"), "--model", Model(), "--methods", "grad-cam", "--measures", "drop", "--output", Output, "--max-pixels", "9215", .. BrightnessNetwork.Options]);
        Refused(result, "more than 9,215 pixels, the limit set by --max-pixels", exitCode: 1);
    }

    [TestMethod]
    [DataRow("explain")]
    [DataRow("compare")]
    [DataRow("evaluate")]
    [DataRow("demo")]
    public async Task A_device_that_cannot_be_had_is_a_sentence_with_a_remedy(string command)
    {
        if (TorchSharp.torch.cuda.is_available())
        {
            Assert.Inconclusive("has a CUDA device");
        }

        string[] run = Command(command);
        Refused(await RunAsync([.. run, "--device", "cuda:3"]), "--device cuda:3: the ONNX Runtime of this command is built for the CPU alone, and its libtorch is too, or finds no CUDA device. Leave --device out, or build");
        Refused(await RunAsync([.. run, "--device", "gpu"]), "--device gpu: cpu, cuda or cuda:N is expected");
        Assert.IsFalse(Directory.Exists(Output));
        Assert.AreEqual(0, (await RunAsync([.. run, "--device", "cpu"])).ExitCode);
    }

    [TestMethod]
    public async Task Reduced_photos_and_the_places_of_objects_do_not_go_together()
    {
        string[] compare = [.. Command("compare"), "--decode", "reduced"];
        Directory.CreateDirectory(At("maps"));
        Refused(await RunAsync([.. compare, "--object-masks", Masks()]), "--decode reduced: objects are where they are in whole photos");
        Refused(await RunAsync([.. Command("evaluate"), "--decode", "reduced", "--maps", At("maps"), "--map-extent", "photo"]), "--decode reduced: --map-extent photo speaks of whole photos");
    }

    [TestMethod]
    public async Task The_former_name_of_the_objects_masks_works_and_says_so()
    {
        string masks = Masks();
        CommandResult result = await RunAsync([.. Command("compare"), "--measures", "pointing", "--masks", masks]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Errors, "abscam: --masks is called --object-masks here now");
        string[] named = ResultFolder.Of(Output);
        CommandResult other = await RunAsync([.. Command("compare"), "--measures", "pointing", "--object-masks", masks, "--overwrite"]);
        Assert.AreEqual("", other.Errors);
        CollectionAssert.AreEqual(named, ResultFolder.Of(Output));
        Refused(await RunAsync([.. Command("compare"), "--object-masks", masks, "--masks", masks]), "Give --object-masks alone");
        Refused(await RunAsync([.. Command("compare"), "--masks", At("photos", "a.png")]), "--object-masks");
    }

    [TestMethod]
    public async Task What_says_nothing_of_the_method_is_named()
    {
        StringAssert.Contains((await ExplainAsync(Spot("a.png"), "--method", "grad-cam")).Output, "--phase and --masks choose among the readings of abs-cam, and the method is grad-cam: they change nothing");
        StringAssert.Contains((await ExplainAsync(Spot("a.png"), "--masks", "whole", "--overwrite")).Output, "--phase initial ends before it");
    }

    [TestMethod]
    [DataRow("expalin", "there is no command 'expalin'. Did you mean 'explain'?")]
    [DataRow("layer", "there is no command 'layer'. Did you mean 'layers'?")]
    [DataRow("transmogrify", "there is no command 'transmogrify'. The commands are demo, explain, merge, compare, evaluate, audit, diff, layers, bake.")]
    public async Task A_misspelt_command_brings_near_ones(string command, string because)
    {
        CommandResult result = await RunAsync(command, "a.jpg", "--model", "x.onnx");
        Refused(result, because);
        Assert.HasCount(2, result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), result.Errors);
    }

    [TestMethod]
    [DataRow("explain", "--fusoin", "--fusion")]
    [DataRow("explain", "--color", "--colors")]
    [DataRow("compare", "--mesures", "--measures")]
    public async Task A_misspelt_option_brings_near_ones(string command, string wrong, string right)
        => Refused(await RunAsync([.. Command(command), wrong, "mean"]), $"Did you mean '{right}'");

    private string[] Command(string command)
    {
        Spot("photos/a.png");
        return command switch
        {
            "demo" => ["demo", "--pictures", "1", "--output", Output],
            "compare" => ["compare", At("photos"), "--model", Model(), "--methods", "grad-cam", "--steps", "2", "--output", Output, .. BrightnessNetwork.Options],
            "evaluate" => ["evaluate", At("photos"), "--model", Model(), "--steps", "2", "--output", Output, .. BrightnessNetwork.Options],
            _ => [command, At("photos"), "--model", Model(), "--output", Output, "--phase", "initial", .. BrightnessNetwork.Options],
        };
    }

    private string Masks()
    {
        Func<int, int, SKColor> grey = SpotAt(30, 60);
        Write("masks/a.png", ImageBytes.Encode(96, 96, (column, row) => grey(column, row) == SKColors.Black ? SKColors.Black : SKColors.White, SKEncodedImageFormat.Png));
        return At("masks");
    }
}

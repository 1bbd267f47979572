using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>Real networks on real photos, by the command alone.</summary>
[TestClass]
[TestCategory("RealData")]
public class RealDataTests : CommandTest
{
    // What the network gets right of these photos with PIL's preprocessing; another decoder of JPEG may tip one.
    private const int RightOfImageNet = 58;
    private const int ClassesApart = 10;
    private const int ImageNetSize = 224;

    [TestMethod]
    public async Task Photos_of_ImageNet_are_recognised_and_explained()
    {
        string photos = SharedData.PathOrSkip("images", "imagenet");
        string truth = Write("truth.csv", ["image,target", .. ImageNet.Files(photos).Select((file, i) => $"{Path.GetFileName(file)},{i * ClassesApart}")]);
        CommandResult result = await RunAsync(
            "explain", photos, "--model", SharedData.PathOrSkip("models", "squeezenet1.0.onnx"), "--labels", SharedData.PathOrSkip("models", "imagenet-labels.txt"),
            "--output", Output, "--phase", "initial", "--truth", "@" + truth, "--save", "npy");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        Assert.HasCount(100, rows);
        Assert.IsTrue(rows.All(row => row[1] == "Ok"));
        Assert.HasCount(100, Directory.GetFiles(At("out", "maps")));
        Map(rows[42][6], ImageNetSize);

        int right = rows.Where((row, i) => row[2] == $"{i * ClassesApart}").Count();
        StringAssert.Contains(result.Output, $"top-1: {right} of 100 right");
        Assert.AreEqual(RightOfImageNet, right, 1);

        // Other preprocessing and another engine, from the same files.
        Assert.AreEqual(ImageNet.RightByOnnxRuntime(photos, File.ReadAllBytes(SharedData.PathOrSkip("models", "squeezenet1.0.onnx")), ClassesApart), right, 1);
    }

    [TestMethod]
    public async Task Pictures_of_Cifar_are_recognised_and_explained()
    {
        string pictures = SharedData.PathOrSkip("images", "cifar10");
        CommandResult result = await RunAsync(
            "explain", pictures, "--model", SharedData.PathOrSkip("models", "resnet20-cifar10.onnx"), "--labels", SharedData.PathOrSkip("models", "cifar10-labels.txt"),
            "--output", Output, "--phase", "initial", "--truth", "folder", "--save", "npy", "--batch", "32");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        Assert.HasCount(1000, rows);
        Assert.IsTrue(rows.All(row => row[1] == "Ok"));
        Assert.HasCount(1000, Directory.GetFiles(At("out", "maps"), "*.npy", SearchOption.AllDirectories));
        int right = rows.Count(row => row[0].Split('/')[0] == row[3]);
        StringAssert.Contains(result.Output, $"top-1: {right} of 1000 right");
        Assert.IsInRange(790, 820, right);
    }
}

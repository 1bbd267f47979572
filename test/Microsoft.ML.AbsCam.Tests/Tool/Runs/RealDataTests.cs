using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>Real networks on real photos, by the command alone: some of the photos, and all of them in a long sweep.</summary>
[TestClass]
[TestCategory("RealData")]
public class RealDataTests : CommandTest
{
    // What the network gets right of all these photos with PIL's preprocessing; another decoder of JPEG may tip one.
    private const int RightOfImageNet = 58;
    private const int ClassesApart = 10;
    private const int ImageNetSize = 224;

    [TestMethod]
    public async Task Photos_of_ImageNet_are_recognised_and_explained()
    {
        int step = Sweep.Of(20, 1);
        (string File, int Class)[] photos = [.. Directory.GetFiles(SharedData.PathOrSkip("images", "imagenet")).Order(StringComparer.Ordinal).Select((file, i) => (file, i * ClassesApart)).Where((_, i) => i % step == 0)];
        foreach ((string file, _) in photos)
        {
            Write($"photos/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        }

        string model = SharedData.PathOrSkip("models", "squeezenet1.0.onnx");
        string truth = Write("truth.csv", ["image,target", .. photos.Select(photo => $"{Path.GetFileName(photo.File)},{photo.Class}")]);
        CommandResult result = await RunAsync(
            "explain", At("photos"), "--model", model, "--labels", SharedData.PathOrSkip("models", "imagenet-labels.txt"), "--output", Output, "--phase", "initial", "--truth", "@" + truth, "--save", "npy");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        Assert.HasCount(100 / step, rows);
        Assert.IsTrue(rows.All(row => row[1] == "Ok"));
        Assert.HasCount(rows.Length, Directory.GetFiles(At("out", "maps")));
        Map(rows[^1][6], ImageNetSize);

        int right = rows.Zip(photos).Count(pair => pair.First[2] == $"{pair.Second.Class}");
        StringAssert.Contains(result.Output, $"top-1: {right} of {rows.Length} right");
        if (Sweep.IsLong)
        {
            Assert.AreEqual(RightOfImageNet, right, 1);
        }

        // Other preprocessing and another engine, from the same files, which has the same photos right and wrong.
        string[] expected = [.. ImageNet.ClassesByOnnxRuntime(photos.Select(photo => photo.File), File.ReadAllBytes(model)).Select(number => $"{number}")];
        string[] others = [.. rows.Zip(expected).Where(pair => pair.First[2] != pair.Second).Select(pair => $"{pair.First[0]}: {pair.First[2]} instead of {pair.Second}")];
        Assert.IsLessThanOrEqualTo(Sweep.Of(1, 3), others.Length, string.Join('\n', others));
    }

    [TestMethod]
    public async Task Pictures_of_Cifar_are_recognised_and_explained()
    {
        int ofEachClass = Sweep.Of(10, 100);
        foreach (string folder in Directory.GetDirectories(SharedData.PathOrSkip("images", "cifar10")))
        {
            foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(ofEachClass))
            {
                Write($"pictures/{Path.GetFileName(folder)}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
            }
        }

        CommandResult result = await RunAsync(
            "explain", At("pictures"), "--model", SharedData.PathOrSkip("models", "resnet20-cifar10.onnx"), "--labels", SharedData.PathOrSkip("models", "cifar10-labels.txt"),
            "--output", Output, "--phase", "initial", "--truth", "folder", "--save", "npy", "--batch", "32");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] rows = Results();
        Assert.HasCount(10 * ofEachClass, rows);
        Assert.IsTrue(rows.All(row => row[1] == "Ok"));
        Assert.HasCount(rows.Length, Directory.GetFiles(At("out", "maps"), "*.npy", SearchOption.AllDirectories));
        int right = rows.Count(row => row[0].Split('/')[0] == row[3]);
        StringAssert.Contains(result.Output, $"top-1: {right} of {rows.Length} right");
        Assert.IsInRange(Sweep.Of(75, 790), Sweep.Of(85, 820), right);
    }
}

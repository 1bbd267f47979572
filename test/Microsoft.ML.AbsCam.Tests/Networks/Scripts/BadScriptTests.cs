using Microsoft.ML.AbsCam.Tests.Networks.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Scripts;

/// <summary>What is wrong with a pair is said with the file's name, and never ends the process.</summary>
[TestClass]
public sealed class BadScriptTests
{
    [TestMethod]
    public void Features_that_are_no_maps_are_refused()
    {
        Refused(new ScriptPair(ScriptPair.Features("return torch.mean(maps, [2, 3])")), "maps.pt: for 2 images the features give [2, 6]", "[batch, channels, height, width]");
        Refused(new ScriptPair(ScriptPair.Features("return torch.adaptive_avg_pool2d(maps, [1, 1])")), "maps.pt: ", "[2, 6, 1, 1]", "more than one pixel");
        Refused(new ScriptPair(ScriptPair.Features("return torch.gt(maps, 0)")), "maps.pt: ", "real numbers");
    }

    [TestMethod]
    public void A_head_without_class_scores_is_refused()
    {
        Refused(new ScriptPair(head: ScriptPair.Classify("return maps")), "scores.pt: for 2 images the head give [2, 6, 4, 4]", "[batch, classes]");
        Refused(new ScriptPair(head: ScriptPair.Classify("return torch.mean(maps, [0, 2, 3])")), "scores.pt: ", "[6]");
    }

    [TestMethod]
    public void A_file_that_is_bound_to_one_image_is_refused() =>
        Refused(new ScriptPair(head: ScriptPair.Classify("return torch.reshape(maps, [1, -1])")), "scores.pt: for 2 images the head give [1, 192]", "with an open one");

    [TestMethod]
    public void A_head_without_a_gradient_is_refused()
    {
        Refused(new ScriptPair(head: ScriptPair.Classify(["maps0 = torch.detach(maps)", .. ScriptPair.Head.Select(line => line.Replace("maps,", "maps0,", StringComparison.Ordinal))])), "scores.pt: no gradient");
        Refused(new ScriptPair(head: ScriptPair.Classify("loose = torch.requires_grad_(torch.ones([torch.size(maps, 0), 5]))", "return torch.mul(loose, 2)")), "scores.pt: no gradient");
    }

    [TestMethod]
    public void A_head_that_overwrites_what_its_gradient_needs_is_refused() =>
        Refused(new ScriptPair(head: ScriptPair.Classify("powers = torch.exp(maps)", "spoilt = torch.mul_(powers, 2)", "return torch.mean(spoilt, [2, 3])")), "scores.pt: its gradient failed", "modified by an inplace operation");

    [TestMethod]
    public void A_file_that_gives_no_tensor_is_refused()
    {
        Refused(new ScriptPair(head: ScriptFile.Giving("Tuple[Tensor, Tensor]", "maps", "return (maps, maps)")), "scores.pt: its forward failed");
        Refused(new ScriptPair(head: ScriptFile.Giving("int", "maps", "return 1")), "scores.pt: its forward failed");
        Refused(new ScriptPair(head: ScriptFile.Giving("NoneType", "maps", "return None")), "scores.pt: its forward failed");
    }

    [TestMethod]
    public void A_script_that_fails_says_why()
    {
        Refused(new ScriptPair(head: ScriptPair.Classify("return torch.linear(maps, self.weight)")), "scores.pt: its forward failed on an input [2, 6, 4, 4]: RuntimeError: mat1 and mat2 shapes cannot be multiplied");
        Refused(new ScriptPair(head: ScriptPair.Classify("ops.prim.RaiseException(\"not today\")", "return maps")), "scores.pt: its forward failed", "not today");
        using var pair = new ScriptPair();
        using ImageNetwork grey = ImageNetwork.FromTorchScript(pair.FeaturesFile, pair.HeadFile, 8, 8, inputChannels: 1);
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => grey.Shape).Message, "maps.pt: its forward failed on an input [2, 1, 8, 8]");
    }

    [TestMethod]
    public void Operators_of_another_library_are_named_before_libtorch_meets_them() =>
        Refused(new ScriptPair(head: ScriptPair.Classify("return ops.torchvision.nms(maps, maps, 0.5)")), "scores.pt: the script needs 'torchvision::nms'");

    [TestMethod]
    public void Files_of_another_kind_are_named()
    {
        using Linear module = nn.Linear(2, 2);
        Refused(new ScriptPair(features: TinyNetwork.Rectified.ToOnnx()), "maps.pt: this is no TorchScript file", "FromOnnx");
        Refused(new ScriptPair(head: TorchFile.StateDict(WeightsBench.Named(module))), "scores.pt: this is no TorchScript file", "This is a file of torch.save");
        Refused(new ScriptPair(head: []), "scores.pt: the file cannot be read to its end (it is empty");
    }

    [TestMethod]
    public void Files_that_are_not_there_are_named()
    {
        using var pair = new ScriptPair();
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => ImageNetwork.FromTorchScript(pair.FeaturesFile, "none.pt", 8, 8)).Message, "'none.pt'");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageNetwork.FromTorchScript(pair.FeaturesFile, pair.HeadFile, 0, 8));
    }

    [TestMethod]
    [TestCategory("Fuzz")]
    [DataRow(false)]
    [DataRow(true)]
    public void Damage_is_found_before_libtorch_meets_it(bool writtenByLibtorch)
    {
        byte[] sound = ScriptPair.Classify(ScriptPair.Head);
        if (writtenByLibtorch)
        {
            using var pair = new ScriptPair();
            using jit.ScriptModule<Tensor, Tensor> head = jit.load<Tensor, Tensor>(pair.HeadFile);
            jit.save(head, pair.HeadFile);
            sound = File.ReadAllBytes(pair.HeadFile);
        }

        var random = new Random(7);
        int rounds = Sweep.Of(80, 400);
        int refused = 0;
        for (int i = 0; i < rounds; i++)
        {
            byte[] damaged = [.. sound];
            if (i % 4 == 0)
            {
                damaged = damaged[..random.Next(sound.Length)];
            }
            else
            {
                damaged[random.Next(sound.Length)] ^= (byte)(1 << random.Next(8));
            }

            using var pair = new ScriptPair(head: damaged);
            using ImageNetwork network = pair.Open();
            try
            {
                // Some bits, such as those of dates and of padding, mean nothing.
                Assert.AreEqual(TinyNetwork.Classes, network.Shape.ClassCount);
            }
            catch (NetworkLoadException e)
            {
                StringAssert.StartsWith(e.Message, "scores.pt: ");
                refused++;
            }
        }

        Assert.IsGreaterThan(rounds * 3 / 8, refused);
    }

    private static void Refused(ScriptPair files, params string[] words)
    {
        using (files)
        using (ImageNetwork network = files.Open())
        {
            string message = Assert.ThrowsExactly<NetworkLoadException>(() => network.Layers).Message;
            foreach (string word in words)
            {
                StringAssert.Contains(message, word);
            }

            Assert.AreEqual(-1, message.AsSpan().IndexOfAny('\n', '\r'), message);
        }
    }
}

using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

[TestClass]
public sealed class ModuleWeightsTests
{
    [TestMethod]
    public void A_state_dict_makes_a_module_compute_what_the_saved_one_computes() => ComputesTheSame(TorchFile.StateDict);

    [TestMethod]
    public void A_safetensors_file_makes_a_module_compute_what_the_saved_one_computes() => ComputesTheSame(SafetensorsBytes.Of);

    [TestMethod]
    public void Mode_and_gradients_stay_as_they_are()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        module.train();
        module.get_parameter("conv.weight")!.requires_grad = false;
        WeightsBench.Load(module, TorchFile.StateDict(WeightsBench.Named(saved)));
        Assert.IsTrue(module.training);
        Assert.IsFalse(module.get_parameter("conv.weight")!.requires_grad);
        Assert.IsTrue(module.get_parameter("head.weight")!.requires_grad);
        Assert.IsTrue(is_grad_enabled());
    }

    [TestMethod]
    public void Loading_leaves_no_tensors_behind()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        byte[] file = TorchFile.StateDict(WeightsBench.Named(saved));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        WeightsBench.Load(module, file);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [DataRow(ScalarType.Float64)]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float16)]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Int64)]
    [DataRow(ScalarType.Int32)]
    [DataRow(ScalarType.Int16)]
    [DataRow(ScalarType.Int8)]
    [DataRow(ScalarType.Byte)]
    [DataRow(ScalarType.Bool)]
    public void Every_type_is_converted(ScalarType type)
    {
        using Tensor numbers = tensor(new float[] { 0, 1, 1, 0 }, [2, 2]);
        using Tensor stored = numbers.to(type);
        (string, Tensor)[] named = [("weight", stored)];
        foreach (byte[] file in (byte[][])[TorchFile.StateDict(named), SafetensorsBytes.Of(named)])
        {
            using Linear module = nn.Linear(2, 2, hasBias: false);
            WeightsBench.Load(module, file);
            CollectionAssert.AreEqual(new float[] { 0, 1, 1, 0 }, module.weight!.Floats());
            Assert.AreEqual(ScalarType.Float32, module.weight!.dtype);
        }
    }

    [TestMethod]
    public void Views_of_one_storage_with_any_strides_are_read()
    {
        using Tensor numbers = arange(10, ScalarType.Float32);
        byte[] pickle = new PickleWriter().Begin().Op('}').Put().Op('(')
            .Text("weight").Tensor("0", "FloatStorage", 10, 3, [2, 3], [1, 2])
            .Text("bias").Tensor("0", "FloatStorage", 10, 9, [2], [0]).Op('u').End();
        using Linear module = nn.Linear(3, 2);
        WeightsBench.Load(module, TorchFile.Archive(pickle, numbers.bytes.ToArray()));
        CollectionAssert.AreEqual(new float[] { 3, 5, 7, 4, 6, 8 }, module.weight!.Floats());
        CollectionAssert.AreEqual(new float[] { 9, 9 }, module.bias!.Floats());
    }

    [TestMethod]
    public void A_parameter_inside_protocol_4_is_read()
    {
        using Tensor numbers = tensor(new float[] { 7 });
        PickleWriter pickle = new PickleWriter().Raw(0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, (byte)'}', 0x94);
        pickle.Raw(0x8C, 4).Raw("bias"u8).Raw(0x94, 0x8C, 12).Raw("torch._utils"u8).Raw(0x8C, 18).Raw("_rebuild_parameter"u8).Raw(0x93, 0x94);
        pickle.Tensor("0", "FloatStorage", 1, 0, [1], [1]).Raw(0x88).EmptyOrderedDictionary().Raw(0x87).Op('R').Op('s');
        using Linear module = nn.Linear(1, 1);
        WeightsBench.Load(module, TorchFile.Archive(pickle.End(), numbers.bytes.ToArray()), new WeightsOptions { Strict = false });
        Assert.AreEqual(7f, module.bias!.Floats()[0]);
    }

    [TestMethod]
    public void Batch_norm_takes_the_names_and_shapes_that_PyTorch_gives_it()
    {
        using Tensor one = ones(4), two = full(4, 2), count = tensor(1234L);
        using BatchNorm2d module = nn.BatchNorm2d(4);
        (string, Tensor)[] named = [("weight", two), ("bias", one), ("running_mean", one), ("running_var", two), ("num_batches_tracked", count)];
        foreach (byte[] file in (byte[][])[TorchFile.StateDict(named), SafetensorsBytes.Of(named)])
        {
            Assert.HasCount(5, WeightsBench.Load(module, file).Loaded);
            Assert.AreEqual(1234L, module.state_dict()["num_batches_tracked"].item<long>());
        }
    }

    // Written by CPython's pickle module, with stand-ins for PyTorch's types: weight [2,3] and bias [2], with _metadata.
    [TestMethod]
    [DataRow("gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQApUnEBKFgGAAAAd2VpZ2h0cQJjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3RlbnNvcl92MgpxAygoWAcAAABzdG9yYWdlcQRjdG9yY2gKRmxvYXRTdG9yYWdlCnEFWAEAAAAwcQZYAwAAAGNwdXEHSwZ0cQhRSwBLAksDhnEJSwNLAYZxColoAClScQt0cQxScQ1YBAAAAGJpYXNxDmgDKChoBGgFWAEAAAAxcQ9oB0sCdHEQUUsASwKFcRFLAYVxEoloAClScRN0cRRScRV1fXEWWAkAAABfbWV0YWRhdGFxF2gAKVJxGFgAAAAAcRl9cRpYBwAAAHZlcnNpb25xG0sBc3NzYi4=", DisplayName = "protocol 2")]
    [DataRow("gASV9QAAAAAAAACMC2NvbGxlY3Rpb25zlIwLT3JkZXJlZERpY3SUk5QpUpQojAZ3ZWlnaHSUjAx0b3JjaC5fdXRpbHOUjBJfcmVidWlsZF90ZW5zb3JfdjKUk5QoKIwHc3RvcmFnZZSMBXRvcmNolIwMRmxvYXRTdG9yYWdllJOUjAEwlIwDY3B1lEsGdJRRSwBLAksDhpRLA0sBhpSJaAIpUpR0lFKUjARiaWFzlGgHKChoCGgLjAExlGgNSwJ0lFFLAEsChZRLAYWUiWgCKVKUdJRSlHV9lIwJX21ldGFkYXRhlGgCKVKUjACUfZSMB3ZlcnNpb26USwFzc3NiLg==", DisplayName = "protocol 4")]
    public void What_Pythons_own_pickler_writes_is_read(string pickle)
    {
        using Tensor weight = arange(6, ScalarType.Float32), bias = arange(2, ScalarType.Float32);
        using Linear module = nn.Linear(3, 2);
        WeightsBench.Load(module, TorchFile.Archive(Convert.FromBase64String(pickle), weight.bytes.ToArray(), bias.bytes.ToArray()));
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3, 4, 5 }, module.weight!.Floats());
        CollectionAssert.AreEqual(new float[] { 0, 1 }, module.bias!.Floats());
    }

    [TestMethod]
    public void A_checkpoint_is_searched_for_its_weights()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        WeightsBench.Load(module, TorchFile.Checkpoint("anything", WeightsBench.Named(saved)));
        CollectionAssert.AreEqual(WeightsBench.Bytes(saved), WeightsBench.Bytes(module));
    }

    [TestMethod]
    public void Of_two_dictionaries_of_weights_the_named_one_is_taken()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        byte[] file = TorchFile.Checkpoint("ema", WeightsBench.Named(saved), secondKey: "raw");
        WeightsBench.Refused(file, ["'ema', 'raw'", "StateDictKey"]);
        WeightsBench.Refused(file, ["Did you mean 'ema'?"], new WeightsOptions { StateDictKey = "emma" });
        WeightsBench.Load(module, file, new WeightsOptions { StateDictKey = "ema" });
        CollectionAssert.AreEqual(WeightsBench.Bytes(saved), WeightsBench.Bytes(module));
    }

    [TestMethod]
    public void A_prefix_is_suggested_and_then_stripped()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        byte[] file = SafetensorsBytes.Of(WeightsBench.Named(saved).Select(item => ($"module.{item.Name}", item.Value)));
        WeightsBench.Refused(file, ["StripPrefix to \"module.\""]);
        Assert.HasCount(module.state_dict().Count, WeightsBench.Load(module, file, new WeightsOptions { StripPrefix = "module." }).Loaded);
    }

    [TestMethod]
    public void Names_are_mapped_or_left_out()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        byte[] file = SafetensorsBytes.Of([.. WeightsBench.Named(saved).Select(item => (item.Name.Replace("head", "fc"), item.Value)), ("extra", saved.state_dict()["head.bias"])]);
        WeightsBench.Load(module, file, new WeightsOptions { MapName = name => name == "extra" ? null : name.Replace("fc", "head") });
        CollectionAssert.AreEqual(WeightsBench.Bytes(saved), WeightsBench.Bytes(module));
        WeightsBench.Refused(file, ["both become 'same'"], new WeightsOptions { MapName = _ => "same", Strict = false });
    }

    [TestMethod]
    public void Missing_and_unexpected_names_are_listed_beside_each_other()
    {
        using Sequential saved = WeightsBench.Network(5);
        WeightsBench.Refused(
            TorchFile.StateDict(WeightsBench.Named(saved).Select(item => (item.Name == "head.bias" ? "head.biass" : item.Name, item.Value))),
            ["Not in the file: 'head.bias'", "'head.bias' may be 'head.biass'", "Only in the file: 'head.biass'", "Strict"]);
    }

    [TestMethod]
    public void What_both_have_is_taken_where_loading_is_not_strict()
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        byte[] file = TorchFile.StateDict([("head.bias", saved.state_dict()["head.bias"]), ("other", saved.state_dict()["conv.bias"])]);
        WeightsReport report = WeightsBench.Load(module, file, new WeightsOptions { Strict = false });
        CollectionAssert.AreEqual((string[])["head.bias"], report.Loaded.ToArray());
        CollectionAssert.AreEqual((string[])["other"], report.Unexpected.ToArray());
        CollectionAssert.Contains(report.Missing.ToArray(), "conv.weight");
        CollectionAssert.AreEqual(saved.state_dict()["head.bias"].Floats(), module.state_dict()["head.bias"].Floats());
    }

    [TestMethod]
    public void Nothing_in_common_is_refused_even_where_loading_is_not_strict()
    {
        using Tensor value = ones(2);
        WeightsBench.Refused(TorchFile.StateDict([("other", value)]), ["no name in the file is one of the module's"], new WeightsOptions { Strict = false });
    }

    [TestMethod]
    public void Another_shape_names_the_parameter_and_both_shapes()
    {
        using Sequential saved = WeightsBench.Network(5);
        using Tensor other = ones(1000, 4);
        WeightsBench.Refused(
            SafetensorsBytes.Of(WeightsBench.Named(saved).Select(item => (item.Name, item.Name == "head.weight" ? other : item.Value))),
            ["'head.weight'", "[1000, 4] in the file", "[2, 4] in the module"]);
    }

    [TestMethod]
    public void A_file_that_is_not_there_says_so()
    {
        using Linear module = nn.Linear(1, 1);
        Assert.ThrowsExactly<FileNotFoundException>(() => ModuleWeights.Load(module, "no-such-file.pth"));
    }

    [TestMethod]
    public void A_tensor_larger_than_a_block_is_read_whole()
    {
        using Linear saved = nn.Linear(3000, 1500, hasBias: false), module = nn.Linear(3000, 1500, hasBias: false);
        WeightsBench.Load(module, SafetensorsBytes.Of(WeightsBench.Named(saved)));
        Assert.IsTrue(module.weight!.equal(saved.weight!).all().item<bool>());
    }

    private static void ComputesTheSame(Func<IEnumerable<(string, Tensor)>, byte[]> write)
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        saved.eval();
        module.eval();
        Tensor input = rand(2, 3, 8, 8);
        CollectionAssert.AreNotEqual(saved.call(input).Floats(), module.call(input).Floats());
        WeightsReport report = WeightsBench.Load(module, write(WeightsBench.Named(saved)));
        CollectionAssert.AreEqual(saved.call(input).Floats(), module.call(input).Floats());
        Assert.HasCount(saved.state_dict().Count, report.Loaded);
        Assert.IsEmpty(report.Missing);
        Assert.IsEmpty(report.Unexpected);
    }
}

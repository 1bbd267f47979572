using Microsoft.ML.AbsCam.Networks.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>What stands beside a state dict needs no making: placeholders will do. Inside it, an object is refused by its name.</summary>
[TestClass]
public sealed class CheckpointExtrasTests
{
    private static readonly (string Case, string Shown, Action<PickleWriter> Write)[] Objects =
    [
        ("NEWOBJ and BUILD", "argparse.Namespace", pickle => pickle.Raw("cargparse\nNamespace\n)"u8).Raw(0x81).Op('}').Text("lr").Op('N').Op('s').Op('b')),
        ("REDUCE", "os.system", pickle => pickle.Raw("cos\nsystem\n"u8).Text("echo").Raw(0x85).Op('R')),
        ("REDUCE of what REDUCE gave", "train.called", pickle => pickle.Raw("ctrain\ncalled\n)R)R"u8)),
        ("INST", "train.Old", pickle => pickle.Raw("(itrain\nOld\n"u8)),
        ("OBJ", "train.Obj", pickle => pickle.Raw("(ctrain\nObj\n"u8).Text("argument").Op('o')),
        ("NEWOBJ_EX", "train.Ex", pickle => pickle.Raw("ctrain\nEx\n)}"u8).Raw(0x92)),
        ("STACK_GLOBAL", "train.Named", pickle => pickle.Text("train").Text("Named").Raw(0x93).Op(')').Raw(0x81)),
        ("a kind of dictionary", "train.Dict", pickle => pickle.Raw("ctrain\nDict\n)"u8).Raw(0x81).Text("key").Op('N').Op('s').Op('(').Text("other").Op('N').Op('u')),
        ("a kind of list", "train.List", pickle => pickle.Raw("ctrain\nList\n)"u8).Raw(0x81).Op('N').Op('a').Op('(').Op('N').Op('e')),
        ("EXT1", "extension registry", pickle => pickle.Raw(0x82, 1)),
        ("EXT2", "extension registry", pickle => pickle.Raw(0x83, 1, 1)),
        ("EXT4", "extension registry", pickle => pickle.Raw(0x84, 1, 1, 1, 1)),
        ("PERSID", "outside of the pickle", pickle => pickle.Raw("Psomething\n"u8)),
        ("BINPERSID", "outside of the pickle", pickle => pickle.Text("something").Op('Q')),
        ("SHORT_BINBYTES", "'bytes'", pickle => pickle.Raw((byte)'C', 2, 1, 2)),
        ("BINBYTES", "'bytes'", pickle => pickle.Raw((byte)'B', 2, 0, 0, 0, 1, 2)),
        ("BINBYTES8", "'bytes'", pickle => pickle.Raw(0x8E, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
        ("BYTEARRAY8", "'bytes'", pickle => pickle.Raw(0x96, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
        ("EMPTY_SET", "'set'", pickle => pickle.Raw(0x8F).Op('(').Integer(1).Raw(0x90)),
        ("FROZENSET", "'set'", pickle => pickle.Op('(').Integer(1).Raw(0x91)),
        ("LONG1", "'int'", pickle => pickle.Raw(0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        ("LONG4", "'int'", pickle => pickle.Raw(0x8B, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        ("LONG", "'int'", pickle => pickle.Raw("L123456789012345678901234567890L\n"u8)),
        ("NEXT_BUFFER", "memoryview", pickle => pickle.Raw(0x97, 0x98)),
        ("a text of other bytes", "not UTF-8", pickle => pickle.Raw((byte)'X', 1, 0, 0, 0, 0xFF)),
        ("a tensor of complex numbers", "torch.ComplexFloatStorage", pickle => pickle.Tensor("9", "ComplexFloatStorage", 1, 0, [1], [1])),
    ];

    public static IEnumerable<object[]> Cases => Objects.Select(item => new object[] { item.Case });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void An_object_beside_the_state_dict_is_passed_over(string name)
    {
        using Linear module = nn.Linear(2, 1, hasBias: false);
        WeightsBench.Load(module, File(name, inside: false));
        CollectionAssert.AreEqual(new float[] { 3, 4 }, module.weight!.Floats());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void An_object_inside_the_state_dict_is_refused_by_its_name(string name)
        => WeightsBench.Refused(File(name, inside: true), [Objects.Single(item => item.Case == name).Shown, "'object'", "plain tensors", "torch.save(model.state_dict(), path)"]);

    [TestMethod]
    [DataRow("state_dict")]
    [DataRow("net")]
    public void A_tensor_beside_the_state_dict_is_passed_over(string key)
    {
        PickleWriter pickle = new PickleWriter().Begin().Op('}').Put().Text("best_acc1").Tensor("0", "FloatStorage", 2, 0, [1], [1]).Op('s');
        pickle.Text(key).Op('}').Text("weight").Tensor("0", "FloatStorage", 2, 0, [1, 2], [2, 1]).Op('s').Text("bias").Tensor("0", "FloatStorage", 2, 1, [1], [1]).Op('s').Op('s');
        using Linear module = nn.Linear(2, 1);
        WeightsBench.Load(module, TorchFile.Archive(pickle.End(), Numbers()));
        CollectionAssert.AreEqual(new float[] { 3, 4 }, module.weight!.Floats());
        CollectionAssert.AreEqual(new float[] { 4 }, module.bias!.Floats());
    }

    [TestMethod]
    public void An_object_as_a_key_of_the_state_dict_is_refused()
    {
        PickleWriter pickle = new PickleWriter().Begin().Op('}').Put();
        pickle.Raw("ctrain\nKey\n)"u8).Raw(0x81).Op('N').Op('s').Text("weight").Tensor("0", "FloatStorage", 2, 0, [1, 2], [2, 1]).Op('s');
        WeightsBench.Refused(TorchFile.Archive(pickle.End(), Numbers()), ["a key is the Python object 'train.Key'"]);
    }

    [TestMethod]
    public void A_whole_model_object_is_refused_by_its_class()
        => WeightsBench.Refused(TorchFile.Archive(new PickleWriter().Begin().Raw("cnet\nModel\n)"u8).Raw(0x81).Op('}').Op('b').End()), ["'net.Model'", "not made", "state_dict()"]);

    [TestMethod]
    public void A_model_object_in_a_checkpoint_is_named_where_there_are_no_tensors()
    {
        byte[] file = TorchFile.Archive(new PickleWriter().Begin().Op('}').Put().Text("model").Raw("cnet\nModel\n)"u8).Raw(0x81).Op('s').End());
        WeightsBench.Refused(file, ["only 'model'", "the Python object 'net.Model'"]);
        WeightsBench.Refused(file, ["under the key 'model'", "the Python object 'net.Model'"], new WeightsOptions { StateDictKey = "model" });
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    public void What_training_programs_leave_there_is_passed_over_in_every_protocol(int protocol)
    {
        using Linear module = nn.Linear(2, 1);
        using Tensor bias = tensor(new float[] { 5 });
        WeightsBench.Load(module, TorchFile.Archive(PythonPickles.Of(protocol), Numbers(), bias.bytes.ToArray()));
        CollectionAssert.AreEqual(new float[] { 3, 4 }, module.weight!.Floats());
        CollectionAssert.AreEqual(new float[] { 5 }, module.bias!.Floats());
    }

    [TestMethod]
    public void Protocol_0_is_read_to_its_end()
    {
        var read = (PickleDict)PickleReader.Read(PythonPickles.Of(0));
        Assert.AreEqual("none", read.Items["model"]);
        Assert.AreEqual("ü\n\\u😀", read.Items["text"]);
        Assert.AreEqual((1L << 40, -5L, true, false, double.PositiveInfinity), ((long)read.Items["long"], (long)read.Items["negative"], (bool)read.Items["yes"], (bool)read.Items["no"], (double)read.Items["inf"]));
        Assert.AreEqual("argparse.Namespace", read.Items["namespace"].ToString());
        Assert.AreSame(PickleForeign.LargeInteger, read.Items["big"]);
    }

    [TestMethod]
    public void Texts_of_Python_2_are_names_of_tensors()
    {
        foreach (byte[] name in (byte[][])[[(byte)'U', 6, .. "weight"u8], [(byte)'T', 6, 0, 0, 0, .. "weight"u8], [.. "S'wei\\x67ht'\n"u8]])
        {
            using Linear module = nn.Linear(2, 1, hasBias: false);
            WeightsBench.Load(module, TorchFile.Archive(new PickleWriter().Begin().Op('}').Put().Raw(name).Tensor("0", "FloatStorage", 2, 0, [1, 2], [2, 1]).Op('s').End(), Numbers()));
            CollectionAssert.AreEqual(new float[] { 3, 4 }, module.weight!.Floats());
        }
    }

    [TestMethod]
    public void A_million_names_out_of_two_long_texts_cost_no_memory()
    {
        // Two instructions of two bytes and one of one make a name; joined, each would be of half a megabyte.
        string half = new('n', 1 << 18);
        PickleWriter pickle = new PickleWriter().Begin().Op('}').Put().Text("names").Text(half).Raw((byte)'0', (byte)'(');
        for (int i = 0; i < 1_000_000; i++)
        {
            pickle.Raw((byte)'h', 2, (byte)'h', 2, 0x93);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var read = (PickleDict)PickleReader.Read(pickle.Op('t').Op('s').End());
        Assert.HasCount(1_000_000, ((PickleTuple)read.Items["names"]).Items);
        Assert.IsLessThan(300L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_million_fields_of_bytes_are_not_kept()
    {
        PickleWriter pickle = new PickleWriter().Begin().Op('}').Put().Op('(').Text("bytes").Raw((byte)'B', 0, 0, 0, 2).Raw(new byte[1 << 25]).Op('u');
        byte[] bytes = pickle.End();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.AreSame(PickleForeign.Bytes, ((PickleDict)PickleReader.Read(bytes)).Items["bytes"]);
        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow("plain", null)]
    [DataRow("half", null)]
    [DataRow("params", null)]
    [DataRow("views", null)]
    [DataRow("npscalar", null)]
    [DataRow("nparray", null)]
    [DataRow("path", null)]
    [DataRow("date", null)]
    [DataRow("dev", null)]
    [DataRow("sets", null)]
    [DataRow("dp", "module.")]
    [DataRow("compile", "_orig_mod.")]
    [DataRow("ddpcompile", "module._orig_mod.")]
    public void Checkpoints_of_real_kinds_give_the_tensors_of_the_plain_one(string name, string? prefix)
    {
        string folder = SharedData.PathOrSkip("cases", "09-checkpoint-extras");
        using Sequential plain = CaseModule.Make(), module = CaseModule.Make();
        ModuleWeights.Load(plain, Path.Combine(folder, "plain.pth"));
        WeightsReport report = ModuleWeights.Load(module, Path.Combine(folder, $"{name}.pth"), new WeightsOptions { StripPrefix = prefix });
        Assert.HasCount(9, report.Loaded);
        module.eval();
        using Tensor scores = module.call(CaseModule.Image("09-checkpoint-extras"));
        Close.AreClose([0.40584f, 1.14224f], [scores.Floats()[0], scores.Floats()[1]], name == "half" ? 2e-3 : 1e-5, "the scores that PyTorch gives");
        foreach ((string key, Tensor value) in plain.state_dict())
        {
            Close.AreClose(value.to(ScalarType.Float32).Floats(), module.state_dict()[key].to(ScalarType.Float32).Floats(), name == "half" ? 1e-3 : 0, key);
        }
    }

    private static byte[] Numbers()
    {
        using Tensor numbers = tensor(new float[] { 3, 4 });
        return numbers.bytes.ToArray();
    }

    private static byte[] File(string name, bool inside)
    {
        PickleWriter pickle = new PickleWriter().Begin().Op('}').Put();
        void add()
        {
            pickle.Text("object");
            Objects.Single(item => item.Case == name).Write(pickle);
            pickle.Op('s');
        }

        if (!inside)
        {
            add();
        }

        pickle.Text("state_dict").EmptyOrderedDictionary();
        if (inside)
        {
            add();
        }

        pickle.Text("weight").Tensor("0", "FloatStorage", 2, 0, [1, 2], [2, 1]).Op('s').Op('s');
        return TorchFile.Archive(pickle.End(), Numbers());
    }
}

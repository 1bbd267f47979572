using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Weights;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Weights;

[TestClass]
public sealed class ExternalDataTests
{
    private const long Behind = 2500L << 20;

    private string _folder = "";

    [TestInitialize]
    public void MakeFolders()
    {
        _folder = Directory.CreateTempSubdirectory("abscam-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "model", "deep"));
        byte[] weights = new byte[8 + (4 * 3 * 9 * 4)];
        File.WriteAllBytes(Path.Combine(_folder, "outside.bin"), weights);
        File.WriteAllBytes(Path.Combine(_folder, "model", "inside.bin"), weights);
        File.WriteAllBytes(Path.Combine(_folder, "model", "deep", "inside.bin"), weights);
        File.WriteAllBytes(Path.Combine(_folder, "model", "short.bin"), weights[..20]);
    }

    [TestCleanup]
    public void RemoveFolders() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("inside.bin")]
    [DataRow("./inside.bin")]
    [DataRow("deep/inside.bin")]
    public void Weights_inside_the_folder_are_read(string location)
    {
        using OnnxNetwork loaded = OnnxNetwork.Load(Model(location), "external.onnx", Path.Combine(_folder, "model"));
        Assert.AreEqual("map", loaded.DefaultLayer?.Name);
    }

    [TestMethod]
    [DataRow("../outside.bin", "plain names")]
    [DataRow("deep/../../outside.bin", "plain names")]
    [DataRow("/etc/hostname", "plain names")]
    [DataRow("C:\\outside.bin", "plain names")]
    [DataRow("..\\outside.bin", "plain names")]
    [DataRow("", "not named")]
    [DataRow("absent.bin", "cannot be read")]
    [DataRow("short.bin", "has 20")]
    [DataRow("deep", "cannot be read")]
    public void Weights_anywhere_else_are_refused(string location, string reason)
    {
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(Model(location), "external.onnx", Path.Combine(_folder, "model")));
        StringAssert.Contains(e.Message, reason);
        StringAssert.Contains(e.Message, "'kernel'");
    }

    [TestMethod]
    public void A_link_that_leaves_the_folder_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "model", "link.bin"), Path.Combine(_folder, "outside.bin"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "model", "links"), _folder);
        foreach (string location in new[] { "link.bin", "links/outside.bin" })
        {
            NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(Model(location), "external.onnx", Path.Combine(_folder, "model")));
            StringAssert.Contains(e.Message, "leaves the model's folder");
        }
    }

    [TestMethod]
    public void Without_a_folder_nothing_outside_the_file_is_read() =>
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(Model("inside.bin"), "external.onnx")).Message, "not loaded from a folder");

    [TestMethod]
    public void A_saved_network_carries_the_weights_that_lay_outside()
    {
        string file = Path.Combine(_folder, "model", "external.onnx");
        File.WriteAllBytes(file, Model("inside.bin"));
        using ImageNetwork network = ImageNetwork.FromOnnx(file);
        using var saved = new MemoryStream();
        using var writer = new BinaryWriter(saved);
        NetworkFormat.Save(network, writer);
        writer.Flush();
        Directory.Delete(Path.Combine(_folder, "model"), recursive: true);
        saved.Position = 0;
        using ImageNetwork loaded = NetworkFormat.Load(new BinaryReader(saved));
        Assert.AreEqual("map", loaded.FindLayer(null).Name);
    }

    [TestMethod]
    public void A_network_whose_weights_are_gone_cannot_be_saved()
    {
        string file = Path.Combine(_folder, "model", "external.onnx");
        File.WriteAllBytes(file, Model("gone.bin"));
        using ImageNetwork network = ImageNetwork.FromOnnx(file);
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => NetworkFormat.Save(network, new BinaryWriter(Stream.Null))).Message, "'kernel' lies in 'gone.bin', which cannot be read");
    }

    [TestMethod]
    public void A_weight_behind_two_gigabytes_is_read_from_where_it_lies()
    {
        // A sparse file: it has this length and takes no space on file systems that leave holes out.
        string file = Path.Combine(_folder, "model", "large.bin");
        using (FileStream stream = File.Create(file))
        {
            stream.SetLength(Behind + 432);
            stream.Seek(Behind, SeekOrigin.Begin);
            stream.Write(BitConverter.GetBytes(0.5f));
        }

        using OnnxGraph graph = OnnxGraph.Load(Model("large.bin", Behind), "external.onnx", Path.Combine(_folder, "model"));
        Assert.AreEqual(0.5f, graph.Constants[graph.SlotOf("kernel")].Floats()[0]);
    }

    [TestMethod]
    public void A_weight_larger_than_memory_can_address_in_one_piece_says_so()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(Model("inside.bin"));
        model.Graph.Initializer[0].Dims[0] = 1 << 25;
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(model.ToByteArray(), "external.onnx", Path.Combine(_folder, "model")));
        StringAssert.Contains(e.Message, "'kernel' takes");
        StringAssert.Contains(e.Message, $"up to {int.MaxValue}");
    }

    [TestMethod]
    public void Weights_that_no_single_file_can_hold_are_not_taken_in()
    {
        string file = Path.Combine(_folder, "model", "large.bin");
        using (FileStream stream = File.Create(file))
        {
            stream.SetLength(1L << 30);
        }

        ModelProto model = ModelProto.Parser.ParseFrom(Model("large.bin", 0));
        TensorProto kernel = model.Graph.Initializer[0];
        kernel.Dims.Clear();
        kernel.Dims.Add(1 << 28);
        kernel.ExternalData.Single(entry => entry.Key == "length").Value = $"{1L << 30}";
        TensorProto second = kernel.Clone();
        second.Name = "second";
        model.Graph.Initializer.Add(second);
        StringAssert.Contains(
            Assert.ThrowsExactly<NetworkLoadException>(() => WeightsInside.Of(model.ToByteArray(), "external.onnx", Path.Combine(_folder, "model"))).Message,
            "not saved inside a pipeline");
    }

    [TestMethod]
    public void Weights_can_be_taken_into_the_file()
    {
        string file = Path.Combine(_folder, "model", "inside.bin");
        byte[] weights = File.ReadAllBytes(file);
        Random.Shared.NextBytes(weights);
        weights.AsSpan()[11..].Clear();
        File.WriteAllBytes(file, weights);

        ReadOnlyMemory<byte> whole = WeightsInside.Of(Model("inside.bin"), "external.onnx", Path.Combine(_folder, "model"));

        Directory.Delete(Path.Combine(_folder, "model"), recursive: true);
        using OnnxGraph graph = OnnxGraph.Load(whole, "whole.onnx");
        CollectionAssert.AreEqual(weights[8..], graph.Constants[graph.SlotOf("kernel")].bytes.ToArray());
        Assert.IsTrue(WeightsInside.Of(whole, "whole.onnx", null).Equals(whole));
    }

    private static byte[] Model(string location, long offset = 8)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 1, 3, 8, 8).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "scores").Output("scores");
        TensorProto kernel = model.Graph.Initializer[0];
        kernel.FloatData.Clear();
        kernel.DataLocation = TensorProto.Types.DataLocation.External;
        kernel.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        kernel.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{offset}" });
        kernel.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "432" });
        return model.ToBytes();
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

[TestClass]
public class TensorCommandTests : CommandTest
{
    private const int Values = 3 * BrightnessNetwork.Size * BrightnessNetwork.Size;

    [TestMethod]
    [DataRow("3, 64, 64")]
    [DataRow("1, 3, 64, 64")]
    public async Task A_tensor_is_taken_as_it_is(string shape)
    {
        float[] values = new float[Values];
        for (int plane = 0; plane < 3; plane++)
        {
            values[(plane * 4096) + (40 * 64) + 10] = 5;
        }

        Write("a.npy", Npy(values, shape));
        CommandResult result = await ExplainAsync(At("a.npy"), "--save", "npy,overlay,report");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        float[] map = Map("maps/a.npy").Values;
        Assert.AreEqual((40 * 64) + 10, Array.IndexOf(map, map.Max()));
        Assert.IsFalse(Directory.Exists(At("out", "overlays")));
    }

    [TestMethod]
    public async Task Tensors_and_photos_go_together()
    {
        Spot("mixed/a.png");
        Write("mixed/b.npy", Npy([.. Enumerable.Range(0, Values).Select(i => i % 7 / 7f)], "3, 64, 64"));
        CommandResult result = await ExplainAsync(At("mixed"));
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Assert.AreEqual("a.png b.npy", string.Join(' ', Results().Select(row => row[0])));
    }

    [TestMethod]
    [DataRow("3, 64, 64", "<f8", "not an array of float32")]
    [DataRow("3, 64, 64", ">f4", "not an array of float32")]
    [DataRow("64, 64, 3", "<f4", "the shape [64, 64, 3], and the network takes [3, 64, 64]")]
    [DataRow("2, 3, 64, 64", "<f4", "the network takes 12288 values")]
    [DataRow("12288,", "<f4", "the shape [12288]")]
    [DataRow("3, 64, 32", "<f4", "the shape [3, 64, 32]")]
    [DataRow("", "<f4", "the shape []")]
    [DataRow("3, -64, 64", "<f4", "the network takes 12288 values")]
    [DataRow("99999, 99999, 99999", "<f4", "the network takes 12288 values")]
    [DataRow("2147483647, 2147483647, 2147483647, 2147483647, 2147483647, 2147483647", "<f4", "the network takes 12288 values")]
    public async Task A_tensor_of_another_kind_is_named(string shape, string type, string because)
    {
        Write("b.npy", Npy(new float[Values], shape, type));
        CommandResult result = await ExplainAsync([At("b.npy"), Spot("a.png")]);
        Refused(result, $"b.npy: ", exitCode: 1);
        StringAssert.Contains(result.Errors, because);
        Assert.AreEqual("Ok UnreadableImage", string.Join(' ', Results().Select(row => row[1]).Order()));
    }

    [TestMethod]
    [DataRow(0, "is empty")]
    [DataRow(5, "not a NumPy file")]
    [DataRow(9, "cut short")]
    [DataRow(60, "cut short")]
    [DataRow(4000, "cut short")]
    public async Task A_tensor_that_is_cut_short_is_named(int length, string because)
    {
        Write("b.npy", Npy(new float[Values], "3, 64, 64")[..length]);
        Refused(await ExplainAsync(At("b.npy")), because, exitCode: 1);
    }

    [TestMethod]
    public async Task Numbers_that_are_none_are_said_to_be_so()
    {
        float[] values = new float[Values];
        values[7] = float.NaN;
        Write("a.npy", Npy(values, "3, 64, 64"));
        Refused(await ExplainAsync(At("a.npy")), "a.npy: the network's scores or the map are not finite", exitCode: 1);
        Assert.AreEqual("NotFinite", Results().Single()[1]);
        Assert.AreEqual("", Results().Single()[4]);
    }

    internal static byte[] Npy(float[] values, string shape, string type = "<f4")
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes(values.AsSpan())];
    }
}

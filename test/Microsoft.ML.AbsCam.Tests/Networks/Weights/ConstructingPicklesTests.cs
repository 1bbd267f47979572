using System.IO.Compression;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>Every instruction of a pickle that makes an object, calls something or fetches it from elsewhere: none does anything here.</summary>
[TestClass]
public sealed class ConstructingPicklesTests
{
    [TestMethod]
    [DataRow("cposix\nsystem\n(S'touch abscam-was-here'\ntR.", DisplayName = "GLOBAL, REDUCE")]
    [DataRow("\u0080\u0002c__builtin__\neval\n(S'1'\nt\u0081.", DisplayName = "NEWOBJ")]
    [DataRow("\u0080\u0004c__builtin__\neval\n(S'1'\nt}\u0092.", DisplayName = "NEWOBJ_EX")]
    [DataRow("\u0080\u0004S'os'\nS'system'\n\u0093(S'touch abscam-was-here'\ntR.", DisplayName = "STACK_GLOBAL")]
    [DataRow("(S'touch abscam-was-here'\nios\nsystem\n.", DisplayName = "INST")]
    [DataRow("(cos\nsystem\nS'touch abscam-was-here'\no.", DisplayName = "OBJ")]
    [DataRow("ccollections\nOrderedDict\n)R}S'__setstate__'\ncos\nsystem\nsb.", DisplayName = "BUILD")]
    [DataRow("\u0080\u0002\u0082\u0001.", DisplayName = "EXT1")]
    [DataRow("\u0080\u0002\u0083\u0001\u0000.", DisplayName = "EXT2")]
    [DataRow("\u0080\u0002\u0084\u0001\u0000\u0000\u0000.", DisplayName = "EXT4")]
    [DataRow("Pos.system\n.", DisplayName = "PERSID")]
    [DataRow("\u0080\u0002(S'storage'\ncos\nsystem\nS'0'\nS'cpu'\nK\u0001tQ.", DisplayName = "BINPERSID")]
    [DataRow("\u0080\u0005\u0097.", DisplayName = "NEXT_BUFFER")]
    [DataRow("\u0080\u0005N\u0098.", DisplayName = "READONLY_BUFFER")]
    [DataRow("cbuiltins\ngetattr\n(cos\npath\nS'sep'\ntR.", DisplayName = "an attribute of a module")]
    [DataRow("ctorch.storage\n_load_from_bytes\n(S'x'\ntR.", DisplayName = "a pickle inside")]
    public void What_would_construct_is_refused(string pickle)
        => WeightsBench.Refused(TorchFile.Archive([.. pickle.Select(letter => (byte)letter)], "little", CompressionLevel.NoCompression), []);

    [TestMethod]
    [DataRow("[-4,4]", "[2]", DisplayName = "a negative beginning")]
    [DataRow("[0,9223372036854775807]", "[2]", DisplayName = "an end that overflows")]
    [DataRow("[9223372036854775800,9223372036854775807]", "[2]", DisplayName = "a range behind all files")]
    [DataRow("[0,18446744073709551616]", "[2]", DisplayName = "more than 64 bits")]
    [DataRow("[0,8]", "[4294967296,4294967296]", DisplayName = "a product that overflows")]
    [DataRow("[0,8]", "[1073741824,1073741824,4]", DisplayName = "a product that overflows to 0")]
    public void A_range_of_safetensors_that_cannot_be_is_refused(string range, string shape)
        => WeightsBench.Refused(SafetensorsBytes.Raw($$$"""{"head.bias":{"dtype":"F32","shape":{{{shape}}},"data_offsets":{{{range}}}}}""", new byte[8]), []);
}

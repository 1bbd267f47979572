using System.IO.Compression;
using Microsoft.ML.AbsCam.Networks.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

[TestClass]
public sealed class HostileWeightsTests
{
    private static readonly int Mutations = Sweep.Of(300, 2000);

    [TestMethod]
    public void A_pickle_that_would_run_a_command_is_refused_by_the_name_it_asks_for() =>
        Refused(Pickle().Raw("cos\nsystem\n"u8).Text("echo").Raw(0x85).Op('R'), "'os.system'", "plain tensors", "state_dict()");

    [TestMethod]
    public void A_name_from_the_stack_is_held_to_the_same_list() =>
        Refused(Pickle().Text("builtins").Text("eval").Raw(0x93), "'builtins.eval'");

    [TestMethod]
    public void An_object_is_not_made() => Refused(Pickle().Global("subprocess", "Popen").Op(')').Raw(0x81), "'subprocess.Popen'", "not made");

    [TestMethod]
    public void An_unknown_instruction_is_refused_by_its_number() => Refused(Pickle().Raw(0xFE), "0xFE");

    [TestMethod]
    public void A_storage_is_no_function() => Refused(Pickle().Global("torch", "FloatStorage").Op(')').Op('R'), "'torch.FloatStorage'");

    [TestMethod]
    public void A_hundred_thousand_open_groups_are_refused() => Refused(Pickle().Raw([.. Enumerable.Repeat((byte)'(', 100_000)]), "nested");

    [TestMethod]
    public void A_deep_chain_of_tuples_costs_no_stack() => Refused(Pickle().Op(')').Raw([.. Enumerable.Repeat((byte)0x85, 1_000_000)]), "holds a list");

    [TestMethod]
    public void Millions_of_instructions_are_refused() => Refused(Pickle().Raw([.. Enumerable.Repeat((byte)'N', 6_000_000)]), "instructions");

    [TestMethod]
    public void A_text_that_announces_gigabytes_is_refused() => Refused(Pickle().Raw((byte)'X', 0xFF, 0xFF, 0xFF, 0xFF), "ends in the middle");

    [TestMethod]
    public void Taking_from_an_empty_stack_is_refused() => Refused(Pickle().Op('R'), "empty stack");

    [TestMethod]
    public void A_reference_to_nothing_is_refused() => Refused(Pickle().Raw((byte)'h', 9), "object 9");

    [TestMethod]
    public void A_dictionary_inside_itself_is_no_trap() => Refused(Pickle().Op('}').Put().Text("self").Raw((byte)'h', 0).Op('s'), "no tensors by name");

    [TestMethod]
    public void A_list_is_not_a_state_dict() => Refused(Pickle().Op(']'), "a list");

    [TestMethod]
    [DataRow(11L, 0L, 1L, 1L, "storage of 11 numbers", DisplayName = "a storage larger than its entry")]
    [DataRow(10L, 9L, 2L, 1L, "beyond its storage", DisplayName = "an end beyond the storage")]
    [DataRow(10L, -1L, 1L, 1L, "negative", DisplayName = "a negative offset")]
    [DataRow(10L, 0L, 2L, -1L, "negative", DisplayName = "a negative stride")]
    [DataRow(10L, 0L, long.MaxValue, long.MaxValue, "beyond its storage", DisplayName = "an end that overflows")]
    [DataRow(10L, long.MaxValue, 2L, 1L, "beyond its storage", DisplayName = "an offset that overflows")]
    [DataRow(long.MaxValue, 0L, 1L, 1L, "the entry has 40", DisplayName = "a storage whose bytes overflow")]
    public void A_tensor_outside_its_storage_is_refused_by_name(long count, long offset, long size, long stride, string word) =>
        WeightsBench.Refused(
            TorchFile.Archive(Pickle().Op('}').Put().Text("head.bias").Tensor("0", "FloatStorage", count, offset, [size], [stride]).Op('s').End(), new byte[40]),
            ["'head.bias'", word]);

    [TestMethod]
    public void A_storage_that_points_out_of_the_archive_is_only_a_name_that_is_not_there() =>
        Refused(Pickle().Op('}').Put().Text("w").Tensor("../../../etc/passwd", "FloatStorage", 1, 0, [1], [1]).Op('s'), "does not have");

    [TestMethod]
    public void Compressed_entries_are_refused() =>
        WeightsBench.Refused(TorchFile.Archive(Pickle().Op('}').Raw(new byte[10_000]).End(), "little", CompressionLevel.Optimal), ["compressed"]);

    [TestMethod]
    public void Another_byte_order_is_refused() =>
        WeightsBench.Refused(TorchFile.Archive(Pickle().Op('}').End(), "big", CompressionLevel.NoCompression), ["byte order 'big'"]);

    [TestMethod]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "do not agree")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,800]}}", "cut short")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,0]}}", "cut short")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "whole numbers")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}", "do not agree")]
    [DataRow("{\"w\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", "'C64'")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "overlap")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "holes")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "take 4 bytes")]
    [DataRow("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}", "JSON")]
    [DataRow("{\"w\":1}", "not described")]
    [DataRow("{\"w\":[[[[[[[[[[[[1]]]]]]]]]]]]}", "JSON")]
    [DataRow("{,}", "JSON")]
    [DataRow("{\"w\\ud800\":1}", "JSON")]
    public void A_header_of_safetensors_that_cannot_be_is_refused(string header, string word) =>
        WeightsBench.Refused(SafetensorsBytes.Raw(header, new byte[8]), [word]);

    [TestMethod]
    public void A_header_longer_than_the_file_is_refused() => WeightsBench.Refused([0, 0, 0, 1, 0, 0, 0, 0, (byte)'{', (byte)'}'], ["announces a header"]);

    [TestMethod]
    public void A_mutated_state_dict_is_loaded_or_refused_and_never_half() => Fuzz(TorchFile.StateDict, 1);

    [TestMethod]
    public void A_mutated_checkpoint_is_loaded_or_refused_and_never_half() => Fuzz(tensors => TorchFile.Checkpoint("model", tensors), 2);

    [TestMethod]
    public void A_mutated_safetensors_file_is_loaded_or_refused_and_never_half() => Fuzz(SafetensorsBytes.Of, 3);

    [TestMethod]
    public void Any_bytes_as_a_pickle_end_in_an_answer()
    {
        var random = new Random(4);
        byte[] codes = [.. Enum.GetValues<PickleOpcode>().Select(code => (byte)code)];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] pickle = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(3) == 0 ? (byte)random.Next(256) : codes[random.Next(codes.Length)])];
            try
            {
                PickleReader.Read(pickle);
            }
            catch (PickleException)
            {
            }
        }
    }

    private static PickleWriter Pickle() => new PickleWriter().Begin();

    private static void Refused(PickleWriter pickle, params string[] words) => WeightsBench.Refused(TorchFile.Archive(pickle.End()), words);

    private static void Fuzz(Func<IEnumerable<(string, Tensor)>, byte[]> write, int seed)
    {
        using Sequential saved = WeightsBench.Network(5), module = WeightsBench.Network(6);
        byte[] whole = write(WeightsBench.Named(saved));
        byte[] before = WeightsBench.Bytes(module);
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < Mutations; round++)
        {
            try
            {
                WeightsBench.Load(module, Mutate(whole, random));
                using Sequential fresh = WeightsBench.Network(6);
                WeightsBench.Load(module, write(WeightsBench.Named(fresh)));
            }
            catch (NetworkLoadException)
            {
                refused++;
            }

            CollectionAssert.AreEqual(before, WeightsBench.Bytes(module), $"round {round}");
        }

        Assert.IsGreaterThan(Mutations / 10, refused);
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                int begin = random.Next(bytes.Length);
                return [.. bytes[..begin], .. bytes[random.Next(begin, bytes.Length)..]];
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
                }

                return bytes;
        }
    }
}

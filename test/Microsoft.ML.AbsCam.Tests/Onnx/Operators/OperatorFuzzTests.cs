using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>The ONNX project's operator cases with wrong attributes, shapes and operators: an exception or a result, never the end of the process.</summary>
[TestClass]
public sealed class OperatorFuzzTests
{
    private const int Rounds = 4000;

    private static readonly long[] Odd = [0, 1, -1, 2, -2, 3, 7, 64, 1 << 16, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
    private static readonly string[] Operators = [.. OperatorRegistry.Names.Order(StringComparer.Ordinal)];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [TestCategory("Fuzz")]
    public void A_damaged_node_is_refused_or_runs_and_never_crashes()
    {
        OnnxNodeCase[] cases = [.. OnnxNodeCase.All.Where(one => one.NotApplicable() is null)];
        if (cases.Length == 0)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        (ModelProto Model, TensorProto[] Inputs)[] read = [.. cases.Select(one => (ModelProto.Parser.ParseFrom(one.Model), one.Inputs))];
        Random random = new(ModelDamage.Seed);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            (ModelProto model, TensorProto[] inputs) = read[random.Next(read.Length)];
            model = model.Clone();
            inputs = [.. inputs.Select(input => input.Clone())];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                Damage(model.Graph, inputs, random);
            }

            refused += Runs(model, inputs, round) ? 0 : 1;
        }

        TestContext.WriteLine($"{Rounds} damaged nodes: {refused} refused, {Rounds - refused} run.");
        Assert.IsGreaterThan(Rounds / 10, refused);
        Assert.IsGreaterThan(Rounds / 10, Rounds - refused);
    }

    private static bool Runs(ModelProto model, TensorProto[] inputs, int round)
    {
        using DisposeScope scope = NewDisposeScope();
        try
        {
            // Inputs become weights, so that the import itself computes the graph.
            foreach (TensorProto input in inputs)
            {
                ValueInfoProto? declared = model.Graph.Input.FirstOrDefault(value => value.Name == input.Name);
                model.Graph.Initializer.Add(input);
                if (declared is not null)
                {
                    model.Graph.Input.Remove(declared);
                }
            }

            using OnnxGraph graph = OnnxGraph.Load(model.ToByteArray(), $"round {round}");
            return true;
        }
        catch (NetworkLoadException)
        {
            return false;
        }
    }

    private static void Damage(GraphProto graph, TensorProto[] inputs, Random random)
    {
        NodeProto node = graph.Node[random.Next(graph.Node.Count)];
        switch (random.Next(6))
        {
            case 0:
                node.OpType = Operators[random.Next(Operators.Length)];
                break;
            case 1 when node.Attribute.Count > 0:
                AttributeProto attribute = node.Attribute[random.Next(node.Attribute.Count)];
                attribute.I = Pick(random);
                attribute.F = random.Next(3) == 0 ? float.NaN : Pick(random);
                if (attribute.Ints.Count > 0)
                {
                    attribute.Ints[random.Next(attribute.Ints.Count)] = Pick(random);
                }

                break;
            case 2 when node.Attribute.Count > 0:
                node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
                break;
            case 3 when inputs.Length > 0:
                Reshape(inputs[random.Next(inputs.Length)], random);
                break;
            case 4 when inputs.Length > 0:
                Overwrite(inputs[random.Next(inputs.Length)], random);
                break;
            default:
                if (node.Input.Count > 0)
                {
                    string name = node.Input[random.Next(node.Input.Count)];
                    node.Input[random.Next(node.Input.Count)] = random.Next(4) == 0 ? "" : name;
                }

                break;
        }
    }

    // The same numbers with other sizes.
    private static void Reshape(TensorProto input, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when input.Dims.Count > 0:
                input.Dims[random.Next(input.Dims.Count)] = Pick(random);
                break;
            case 1:
                input.Dims.Insert(random.Next(input.Dims.Count + 1), 1);
                break;
            case 2 when input.Dims.Count > 1:
                long last = input.Dims[^1];
                input.Dims.RemoveAt(input.Dims.Count - 1);
                input.Dims[^1] *= last;
                break;
            default:
                long[] turned = [.. input.Dims.Reverse()];
                input.Dims.Clear();
                input.Dims.AddRange(turned);
                break;
        }
    }

    private static void Overwrite(TensorProto input, Random random)
    {
        byte[] raw = input.RawData.ToByteArray();
        if (raw.Length > 0)
        {
            raw[random.Next(raw.Length)] ^= (byte)(1 << random.Next(8));
            raw.AsSpan()[..Math.Min(raw.Length, random.Next(9))].Fill((byte)random.Next(256));
            input.RawData = ByteString.CopyFrom(raw);
        }
    }

    private static long Pick(Random random) => Odd[random.Next(Odd.Length)];
}

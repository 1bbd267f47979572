using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Damages a model file in the ways that disks, downloads and ill will do; the same ways for the same seed.</summary>
internal sealed class ModelDamage
{
    /// <summary>The seed of the fuzz tests; another one can be hunted with through the variable ABSCAM_FUZZ_SEED.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("ABSCAM_FUZZ_SEED"), out int seed) ? seed : 20220703;

    private const int Large = 256;

    private static readonly string[] Operators = [.. OperatorRegistry.Names.Order(StringComparer.Ordinal)];
    private static readonly byte[][] Lengths = [[0], [0x7f], [0xff], [0xff, 0xff, 0xff, 0xff, 0x07], [0x80, 0x80, 0x80, 0x80, 0x08], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]];

    private readonly byte[] _whole;
    private readonly ModelProto _model;
    private readonly int[] _structure;
    private readonly Random _random;

    public ModelDamage(byte[] whole, int seed)
    {
        _whole = whole;
        _model = ModelProto.Parser.ParseFrom(whole);
        _random = new Random(seed);

        // Most bytes of a file are weights, where a turned bit changes a number and no more: what matters lies between them.
        bool[] isWeight = new bool[whole.Length];
        foreach (ReadOnlyMemory<byte> raw in _model.Graph.Initializer.Select(weight => weight.RawData.Memory).Where(raw => raw.Length > Large))
        {
            isWeight.AsSpan(whole.AsSpan().IndexOf(raw.Span), raw.Length).Fill(true);
        }

        _structure = [.. Enumerable.Range(0, whole.Length).Where(at => !isWeight[at])];
    }

    public byte[] Next()
    {
        byte[] file = _whole;
        for (int i = _random.Next(1, 3); i > 0; i--)
        {
            switch (_random.Next(12))
            {
                case < 3:
                    file = Turned(file);
                    break;
                case 3:
                    file = file[..(_random.Next(2) == 0 ? At(file) : _random.Next(file.Length))];
                    break;
                case 4 or 5:
                    int field = At(file);
                    byte[] length = Lengths[_random.Next(Lengths.Length)];
                    file = [.. file[..field], .. length, .. file[Math.Min(file.Length, field + _random.Next(length.Length + 1))..]];
                    break;
                case 6:
                    int from = At(file);
                    int to = At(file);
                    file = [.. file[..Math.Max(from, to)], .. file[Math.Min(from, to)..]];
                    break;
                default:
                    return Rewired().ToByteArray();
            }

            if (file.Length == 0)
            {
                break;
            }
        }

        return file;
    }

    private byte[] Turned(byte[] file)
    {
        byte[] turned = [.. file];
        int at = _random.Next(8) == 0 ? _random.Next(file.Length) : At(file);
        turned[at] ^= (byte)(1 << _random.Next(8));
        return turned;
    }

    private int At(byte[] file) => Math.Min(_structure[_random.Next(_structure.Length)], file.Length - 1);

    // Damage that leaves a well-formed file.
    private ModelProto Rewired()
    {
        ModelProto model = _model.Clone();
        for (int i = _random.Next(1, 3); i > 0; i--)
        {
            NodeProto node = Any(model.Graph.Node);
            switch (_random.Next(8))
            {
                case 0:
                    node.OpType = Operators[_random.Next(Operators.Length)];
                    break;
                case 1 when node.Input.Count > 0:
                    NodeProto other = Any(model.Graph.Node);
                    node.Input[_random.Next(node.Input.Count)] = other.Output.Count > 0 ? other.Output[0] : "";
                    break;
                case 2 or 6 or 7 when node.Attribute.Count > 0:
                    AttributeProto attribute = Any(node.Attribute);
                    attribute.I ^= 1L << _random.Next(_random.Next(1, 63));
                    for (int axis = 0; axis < attribute.Ints.Count; axis++)
                    {
                        attribute.Ints[axis] ^= _random.Next(2) == 0 ? 0 : 1L << _random.Next(_random.Next(1, 63));
                    }

                    break;
                case 3 when Any(model.Graph.Initializer) is { Dims.Count: > 0 } weight:
                    (weight.Dims[0], weight.Dims[^1]) = (weight.Dims[^1], weight.Dims[0]);
                    break;
                case 4:
                    model.Graph.Node.Remove(node);
                    break;
                default:
                    model.Graph.Node.Insert(_random.Next(model.Graph.Node.Count), node);
                    break;
            }
        }

        return model;
    }

    private T Any<T>(IList<T> items) => items[_random.Next(items.Count)];
}

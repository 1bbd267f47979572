using Microsoft.ML.AbsCam.Onnx.Format;
using static Microsoft.ML.AbsCam.Onnx.Format.AttributeProto.Types;

namespace Microsoft.ML.AbsCam.Onnx.Nodes;

/// <summary>A node's attributes, typed, with the format's defaults given by the reader.</summary>
internal sealed class NodeAttributes
{
    private readonly OnnxNode _node;
    private readonly Dictionary<string, AttributeProto> _byName = new(StringComparer.Ordinal);

    public NodeAttributes(OnnxNode node, IEnumerable<AttributeProto> attributes)
    {
        _node = node;
        foreach (AttributeProto attribute in attributes)
        {
            if (!_byName.TryAdd(attribute.Name, attribute))
            {
                throw node.Error($"the attribute '{attribute.Name}' is given twice; the file is damaged, export it again.");
            }
        }
    }

    public bool Has(string name) => _byName.ContainsKey(name);

    public long Int(string name, long otherwise) => Find(name, AttributeType.Int)?.I ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public float Float(string name, float otherwise) => Find(name, AttributeType.Float)?.F ?? otherwise;

    public long[]? Ints(string name) => Find(name, AttributeType.Ints)?.Ints.ToArray();

    public float[]? Floats(string name) => Find(name, AttributeType.Floats)?.Floats.ToArray();

    public string Text(string name, string otherwise) => Find(name, AttributeType.String)?.S.ToStringUtf8() ?? otherwise;

    public string[]? Texts(string name) => Find(name, AttributeType.Strings)?.Strings.Select(text => text.ToStringUtf8()).ToArray();

    public TensorProto? Tensor(string name) => Find(name, AttributeType.Tensor)?.T;

    public GraphProto? Graph(string name) => Find(name, AttributeType.Graph)?.G;

    /// <summary>The text of an attribute that may only be one of a few.</summary>
    public string OneOf(string name, string otherwise, params ReadOnlySpan<string> allowed)
    {
        string value = Text(name, otherwise);
        if (!allowed.Contains(value))
        {
            throw _node.Error($"the attribute '{name}' is '{value}'; expected {string.Join(", ", allowed.ToArray())}.");
        }

        return value;
    }

    private AttributeProto? Find(string name, AttributeType type)
    {
        if (!_byName.TryGetValue(name, out AttributeProto? attribute))
        {
            return null;
        }

        // Early exporters left the type out; then the field that is read says what it is.
        if (attribute.Type != type && attribute.Type != AttributeType.Undefined)
        {
            throw _node.Error($"the attribute '{name}' is of type {attribute.Type}; expected {type}.");
        }

        if (attribute.RefAttrName.Length > 0)
        {
            throw _node.Error($"the attribute '{name}' refers to a function's attribute; inline the model's functions before the import.");
        }

        return attribute;
    }
}

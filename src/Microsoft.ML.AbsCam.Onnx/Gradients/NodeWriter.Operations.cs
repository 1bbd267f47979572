namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <content>The operations that adjoints and maps are written with, by name.</content>
internal sealed partial class NodeWriter
{
    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Sub(string a, string b) => Node("Sub", [a, b]);

    public string Mul(string a, string b) => Node("Mul", [a, b]);

    public string Div(string a, string b) => Node("Div", [a, b]);

    public string Neg(string x) => Node("Neg", [x]);

    public string Pow(string x, string power) => Node("Pow", [x, power]);

    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    /// <summary>The one value where a truth holds, and the other elsewhere.</summary>
    public string Where(string condition, string then, string otherwise) => Node("Where", [condition, then, otherwise]);

    public string Cast(string x, int type) => Node("Cast", [x], ("to", type));

    public string Shape(string x) => Node("Shape", [x]);

    public string Reshape(string x, string shape) => Node("Reshape", [x, shape]);

    public string Reshape(string x, params ReadOnlySpan<long> shape) => Reshape(x, Ints(shape));

    public string Expand(string x, string shape) => Node("Expand", [x, shape]);

    public string Transpose(string x, params ReadOnlySpan<long> order) => Node("Transpose", [x], ("perm", order.ToArray()));

    public string Unsqueeze(string x, params ReadOnlySpan<long> axes) => Node("Unsqueeze", [x, Ints(axes)]);

    public string Squeeze(string x, params ReadOnlySpan<long> axes) => Node("Squeeze", [x, Ints(axes)]);

    public string Concat(int axis, params ReadOnlySpan<string> parts) => Node("Concat", parts.ToArray(), ("axis", axis));

    /// <summary>Zeros around it; negative counts cut off.</summary>
    public string Pad(string x, ReadOnlySpan<long> before, ReadOnlySpan<long> after) => Node("Pad", [x, Ints([.. before, .. after])]);

    public string Slice(string x, int axis, long from, long to) => Node("Slice", [x, Ints(from), Ints(to), Ints(axis)]);

    public string Sum(string x, ReadOnlySpan<long> axes, bool keep = true) => Node("ReduceSum", [x, Ints(axes)], ("keepdims", keep));

    public string Mean(string x, ReadOnlySpan<long> axes, bool keep = true) => Reduced("ReduceMean", x, axes, keep);

    public string Greatest(string x, ReadOnlySpan<long> axes, bool keep = true) => Reduced("ReduceMax", x, axes, keep);

    public string Least(string x, ReadOnlySpan<long> axes, bool keep = true) => Reduced("ReduceMin", x, axes, keep);

    /// <summary>Of each row its own channel alone [batch, 1, ...].</summary>
    /// <param name="x">[batch, channels, ...].</param>
    /// <param name="channels">The channel of each row [batch].</param>
    public string OneChannel(string x, string channels) => Unsqueeze(Node("GatherND", [x, Unsqueeze(channels, 1)], ("batch_dims", 1)), 1);

    /// <summary>Adds each number to the place of the one axis that its index names; what no index names is zero.</summary>
    /// <param name="count">How many places there are, a vector of one number.</param>
    /// <param name="indices">The places.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="type">Their element type.</param>
    public string Scattered(string count, string indices, string numbers, int type)
    {
        Need(16);
        return Node("ScatterElements", [Expand(Reals([0], [1], type), count), indices, numbers], ("axis", 0), ("reduction", "add"));
    }

    /// <summary>The whole numbers from <paramref name="from"/> on, as many as a value has numbers, laid out like it.</summary>
    public string Counted(string x, long from)
    {
        string end = Node("Add", [Node("Size", [x]), Int(from)]);
        return Reshape(Node("Range", [Int(from), end, Int(1)]), Shape(x));
    }

    /// <summary>The product of some of a value's sizes, as a real number.</summary>
    public string CountAlong(string x, ReadOnlySpan<long> axes, int type)
    {
        string sizes = Node("Gather", [Shape(x), Ints(axes)], ("axis", 0));
        return Cast(Reduced("ReduceProd", sizes, [0], keep: false), type);
    }

    // Until operator set 18 the axes were an attribute.
    private string Reduced(string operation, string x, ReadOnlySpan<long> axes, bool keep) => opset >= AxesAreInputs
        ? Node(operation, [x, Ints(axes)], ("keepdims", keep))
        : Node(operation, [x], ("axes", axes.ToArray()), ("keepdims", keep));

    private const long AxesAreInputs = 18;
}

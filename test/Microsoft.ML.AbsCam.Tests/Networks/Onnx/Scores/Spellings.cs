using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Scores;

/// <summary>Ways in which exporters and people write a softmax or a sigmoid behind the logits [B,5]: from the value 'logits' to 'out'.</summary>
internal static class Spellings
{
    private static readonly long[] One = [1];

    private static readonly Dictionary<string, Func<OnnxModelBuilder, OnnxModelBuilder>> Softmaxes = new(StringComparer.Ordinal)
    {
        ["one operator"] = model => model.Node("Softmax", "logits", "out", ("axis", 1)),
        ["exponentials and their sum"] = model => Exponentials(model, "logits", "out"),
        ["lowered by the greatest"] = model => Exponentials(model.Node("ReduceMax", "logits", "most", ("axes", One)).Node("Sub", "logits most", "lowered"), "lowered", "out"),
        ["a product with the reciprocal"] = model => model.Node("Exp", "logits", "e").Ints("axis1", 1).Node("ReduceSum", "e axis1", "sum").Node("Reciprocal", "sum", "share").Node("Mul", "e share", "out"),
        ["a logarithm of sums"] = model => model.Node("ReduceLogSumExp", "logits", "all", ("axes", One)).Node("Sub", "logits all", "log").Node("Exp", "log", "out"),
        ["the exponential of a log-softmax"] = model => model.Node("LogSoftmax", "logits", "log", ("axis", 1)).Node("Exp", "log", "out"),
        ["a log-softmax"] = model => model.Node("LogSoftmax", "logits", "out", ("axis", 1)),
        ["the logarithm of a softmax"] = model => model.Node("Softmax", "logits", "p", ("axis", 1)).Node("Log", "p", "out"),
        ["of the transposed, along its first axis"] = model => Exponentials(model.Node("Transpose", "logits", "t", ("perm", new long[] { 1, 0 })), "t", "te", 0).Node("Transpose", "te", "out", ("perm", new long[] { 1, 0 })),
        ["of maps of one pixel"] = model => model.Ints("four", 0, 0, 1, 1).Node("Reshape", "logits four", "map1").Node("Softmax", "map1", "out", ("axis", 1)),
        ["of maps of one pixel with channels last"] = model => model.Ints("four", 0, 1, 1, 5).Node("Reshape", "logits four", "map1").Node("Softmax", "map1", "p", ("axis", 3)).Node("Flatten", "p", "out"),
        ["in percent"] = model => model.Node("Softmax", "logits", "p", ("axis", 1)).Weight("hundred", [], 100f).Node("Mul", "p hundred", "out"),
        ["clipped"] = model => model.Node("Softmax", "logits", "p", ("axis", 1)).Weight("least", [], 1e-7f).Weight("most", [], 1 - 1e-7f).Node("Clip", "p least most", "out"),
        ["with an epsilon, made to add up again"] = model => model.Node("Softmax", "logits", "p", ("axis", 1)).Weight("eps", [], 1e-6f).Node("Add", "p eps", "more").Node("ReduceSum", "more", "sum", ("keepdims", 1))
            .Node("Div", "more sum", "out"),
        ["handed on under other names"] = model => model.Node("Identity", "logits", "same").Node("Dropout", "same", "kept").Node("Softmax", "kept", "p", ("axis", -1)).Node("Identity", "p", "out"),
        ["in double precision"] = model => model.Node("Cast", "logits", "wide", ("to", 11)).Node("Softmax", "wide", "p", ("axis", 1)).Node("Cast", "p", "out", ("to", 1)),
    };

    private static readonly Dictionary<string, Func<OnnxModelBuilder, OnnxModelBuilder>> Sigmoids = new(StringComparer.Ordinal)
    {
        ["one operator"] = model => model.Node("Sigmoid", "logits", "out"),
        ["one over one and an exponential"] = model => model.Node("Neg", "logits", "minus").Node("Exp", "minus", "e").Weight("one", [], 1f).Node("Add", "e one", "sum").Node("Div", "one sum", "out"),
        ["an exponential over one and itself"] = model => model.Node("Exp", "logits", "e").Weight("one", [], 1f).Node("Add", "e one", "sum").Node("Div", "e sum", "out"),
        ["half a tangent"] = model => model.Weight("half", [], 0.5f).Node("Mul", "logits half", "h").Node("Tanh", "h", "t").Node("Mul", "t half", "th").Node("Add", "th half", "out"),
        ["a logarithm's exponential"] = model => model.Node("Neg", "logits", "minus").Node("Softplus", "minus", "s").Node("Neg", "s", "log").Node("Exp", "log", "out"),
        ["the logarithm of a sigmoid"] = model => model.Node("Sigmoid", "logits", "p").Node("Log", "p", "out"),
        ["in percent"] = model => model.Node("Sigmoid", "logits", "p").Weight("hundred", [], 100f).Node("Mul", "p hundred", "out"),
        ["clipped"] = model => model.Node("Sigmoid", "logits", "p").Weight("least", [], 1e-6f).Weight("most", [], 1 - 1e-6f).Node("Clip", "p least most", "out"),
        ["of maps of one pixel"] = model => model.Ints("four", 0, 0, 1, 1).Node("Reshape", "logits four", "map1").Node("Sigmoid", "map1", "out"),
    };

    public static IEnumerable<string> OfSoftmax => Softmaxes.Keys;

    public static IEnumerable<string> OfSigmoid => Sigmoids.Keys;

    public static OnnxModelBuilder Softmax(this OnnxModelBuilder model, string spelling) => Softmaxes[spelling](model).OnlyOutput("out");

    public static OnnxModelBuilder Sigmoid(this OnnxModelBuilder model, string spelling) => Sigmoids[spelling](model).OnlyOutput("out");

    private static OnnxModelBuilder Exponentials(OnnxModelBuilder model, string from, string to, int axis = 1) =>
        model.Node("Exp", from, "e").Ints("along", axis).Node("ReduceSum", "e along", "sum", ("keepdims", 1)).Node("Div", "e sum", to);
}

using Microsoft.ML.AbsCam.Networks.Onnx;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A model that has to be refused, in a message with certain words.</summary>
internal static class RefusedModel
{
    /// <summary>image, Conv "before", Relu "map", global average, Gemm "scores": sound, for a test to spoil.</summary>
    public static OnnxModelBuilder Classifier(long batch = 0, long opset = 13) =>
        new OnnxModelBuilder(opset)
            .Input("image", batch, 3, 8, 8)
            .Weight("kernel", 4, 3, 3, 3)
            .Node("Conv", "image kernel", "before")
            .Node("Relu", "before", "map")
            .Node("GlobalAveragePool", "map", "pooled")
            .Node("Flatten", "pooled", "flat")
            .Weight("weights", 4, 3)
            .Node("Gemm", "flat weights", "scores")
            .Output("scores");

    public static NetworkLoadException Refused(OnnxModelBuilder model, params string[] words) => Refused(model.ToBytes(), words);

    public static NetworkLoadException Refused(byte[] model, params string[] words)
    {
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(model, "wrong.onnx").Dispose());
        StringAssert.Contains(e.Message, "wrong.onnx");
        foreach (string word in words)
        {
            StringAssert.Contains(e.Message, word);
        }

        return e;
    }
}

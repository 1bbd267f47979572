using System.IO.Compression;
using System.Text;
using Microsoft.ML.AbsCam.Tests.Networks.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Scripts;

/// <summary>Makes the bytes of TorchScript archives as torch.jit.save lays them out: one module with parameters and a forward.</summary>
internal static class ScriptFile
{
    /// <param name="argument">The name of the one argument of forward.</param>
    /// <param name="body">The lines of forward.</param>
    /// <param name="parameters">Tensors that forward reads as self.name.</param>
    public static byte[] Of(string argument, string[] body, params (string Name, Tensor Value)[] parameters) =>
        Zip(Code(argument, "Tensor", body, parameters), Data(parameters), parameters);

    /// <summary>A module whose forward is said to give something else than a tensor.</summary>
    public static byte[] Giving(string type, string argument, params string[] body) => Zip(Code(argument, type, body, []), Data([]), []);

    private static byte[] Zip(string code, byte[] data, (string Name, Tensor Value)[] parameters) =>
        TorchFile.Zip(CompressionLevel.NoCompression, [
            ("archive/data.pkl", data),
            ("archive/code/__torch__.py", Encoding.UTF8.GetBytes(code)),
            ("archive/constants.pkl", new PickleWriter().Begin().Op(')').End()),
            .. parameters.Select((parameter, i) => ($"archive/data/{i}", parameter.Value.bytes.ToArray())),
            ("archive/version", "3\n"u8.ToArray())]);

    private static string Code(string argument, string type, string[] body, (string Name, Tensor Value)[] parameters) => string.Join('\n', [
        "class Part(Module):",
        $"  __parameters__ = [{string.Concat(parameters.Select(parameter => $"\"{parameter.Name}\", "))}]",
        "  __buffers__ = []",
        .. parameters.Select(parameter => $"  {parameter.Name} : Tensor"),
        "  training : bool",
        "  def forward(self: __torch__.Part,",
        $"    {argument}: Tensor) -> {type}:",
        .. body.Select(line => "    " + line),
        ""]);

    // The class, an empty instance of it, and its attributes, in training mode as modules begin.
    private static byte[] Data((string Name, Tensor Value)[] parameters)
    {
        PickleWriter pickle = new PickleWriter().Begin().Global("__torch__", "Part").Op(')').Raw(0x81).Op('}').Op('(');
        for (int i = 0; i < parameters.Length; i++)
        {
            (string name, Tensor value) = parameters[i];
            pickle.Text(name).Tensor($"{i}", TorchFile.StorageType(value.dtype), value.numel(), 0, value.shape, TorchFile.Strides(value.shape));
        }

        return pickle.Text("training").Raw(0x88).Op('u').Op('b').End();
    }
}

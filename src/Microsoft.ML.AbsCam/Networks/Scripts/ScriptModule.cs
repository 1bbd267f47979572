using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Scripts;

/// <summary>A TorchScript file in memory, in evaluation mode and with frozen parameters.</summary>
internal sealed class ScriptModule : IDisposable
{
    private readonly string _name;
    private readonly jit.ScriptModule<Tensor, Tensor> _module;
    private Device _device = LibTorch.Cpu;

    private ScriptModule(string name, jit.ScriptModule<Tensor, Tensor> module) => (_name, _module) = (name, module);

    /// <exception cref="NetworkLoadException">The file cannot be loaded.</exception>
    public static ScriptModule Load(string path)
    {
        string name = Path.GetFileName(path);
        ScriptArchive.Check(path);
        jit.ScriptModule<Tensor, Tensor> module = Guard(name, "libtorch cannot load it", () => jit.load<Tensor, Tensor>(path));
        module.eval();
        using DisposeScope scope = NewDisposeScope();
        foreach (Tensor parameter in module.parameters())
        {
            parameter.requires_grad_(false);
        }

        return new ScriptModule(name, module);
    }

    public void To(Device device)
    {
        if (device.type != _device.type || device.index != _device.index)
        {
            _module.to(device);
            _device = device;
        }
    }

    /// <exception cref="NetworkLoadException">The script failed, or gave something else than a tensor.</exception>
    public Tensor Call(Tensor input) => Guard(
        _name,
        $"its forward failed on an input [{string.Join(", ", input.shape)}]",
        () => _module.call(input) is { IsInvalid: false } output ? output : throw new InvalidCastException("it gave no tensor"));

    /// <summary>Runs back from scores that the script gave.</summary>
    /// <exception cref="NetworkLoadException">The script overwrote what its own gradient needs.</exception>
    public void Backward(Tensor scores) => Guard(_name, "its gradient failed", () =>
    {
        scores.sum().backward();
        return true;
    });

    public void Dispose() => _module.Dispose();

    private static T Guard<T>(string name, string what, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not (NetworkLoadException or OutOfMemoryException))
        {
            throw new NetworkLoadException($"{name}: {what}: {Reason(e.Message)}. The file must take one tensor and give one, and be made for the sizes that were given.", e);
        }
    }

    /// <summary>The line of libtorch's message that says why: the last one before its stack, or of the script's own.</summary>
    private static string Reason(string message)
    {
        string[] lines = [.. message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(line => !line.StartsWith("Exception raised from", StringComparison.Ordinal))];
        string? line = lines.FirstOrDefault(line => line.StartsWith("RuntimeError:", StringComparison.Ordinal)) ?? lines.FirstOrDefault();
        return line?.TrimEnd('.', ':') ?? "it gave no reason";
    }
}

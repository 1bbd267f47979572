using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Modules;

/// <summary>What a module is given, held against what its file states.</summary>
internal sealed class ModuleInputs(OnnxGraph graph)
{
    private ScalarType? _converted;

    /// <summary>Real numbers come in this type from now on.</summary>
    public void ConvertedTo(ScalarType? type) => _converted = type ?? _converted;

    /// <summary>The only input by its name.</summary>
    /// <exception cref="ArgumentException">There are others, or none.</exception>
    public IReadOnlyDictionary<string, Tensor> Only(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string inputs = string.Join(", ", graph.Inputs);
        return graph.Inputs is [GraphInput only]
            ? new Dictionary<string, Tensor> { [only.Name] = value }
            : throw new ArgumentException(
                $"{graph.Source}: the network has {graph.Inputs.Count} inputs ({inputs}); give them by name to {nameof(OnnxModule.Run)}.", nameof(value));
    }

    /// <summary>Puts the inputs where a run reads them.</summary>
    /// <exception cref="ArgumentException">One is missing, unknown, or does not fit.</exception>
    public void Fill(Tensor?[] values, IReadOnlyDictionary<string, Tensor> inputs)
    {
        string[] names = [.. graph.Inputs.Select(input => input.Name)];
        foreach (string unknown in inputs.Keys.Except(names))
        {
            throw new ArgumentException($"{graph.Source}: the network has no input '{unknown}'.{NearNames.Hint(unknown, names)}", nameof(inputs));
        }

        foreach (GraphInput input in graph.Inputs)
        {
            Tensor value = inputs.GetValueOrDefault(input.Name)
                ?? throw new ArgumentException($"{graph.Source}: the input {input} is missing.", nameof(inputs));
            ScalarType type = IsReal(input.Type) ? _converted ?? input.Type : input.Type;
            if (value.dtype != type)
            {
                string other = IsReal(value.dtype) && IsReal(type) ? $", or the module with to(ScalarType.{value.dtype})" : "";
                throw new ArgumentException(
                    $"{graph.Source}: the input {input} takes {type} and is given {value.dtype}; convert it with to(ScalarType.{type}){other}.", nameof(inputs));
            }

            if (input.Dimensions is long?[] stated && !Fits(stated, value.shape))
            {
                bool isBatch = stated.Length == value.dim() && Fits(stated.AsSpan(1), value.shape.AsSpan(1));
                string advice = isBatch ? " Export the network with an open batch to run several rows at once." : "";
                throw new ArgumentException($"{graph.Source}: the input {input} is given {TensorSizes.Text(value.shape)}.{advice}", nameof(inputs));
            }

            values[graph.SlotOf(input.Name)] = value;
        }
    }

    /// <summary>The input as a file states it.</summary>
    public ValueInfoProto Stated(GraphInput input)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = ElementTypes.InFile(IsReal(input.Type) ? _converted ?? input.Type : input.Type) };
        if (input.Dimensions is long?[] sizes)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.AddRange(sizes.Select((size, axis) => size is long known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = axis == 0 ? "batch" : $"{input.Name}_{axis}" }));
        }

        return new ValueInfoProto { Name = input.Name, Type = new TypeProto { TensorType = tensor } };
    }

    private static bool IsReal(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;

    private static bool Fits(ReadOnlySpan<long?> stated, ReadOnlySpan<long> shape)
    {
        bool fits = stated.Length == shape.Length;
        for (int i = 0; i < stated.Length && fits; i++)
        {
            fits = stated[i] is null || stated[i] == shape[i];
        }

        return fits;
    }
}

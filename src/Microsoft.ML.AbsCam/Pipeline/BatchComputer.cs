using System.Diagnostics;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Rows;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Telemetry;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Reads rows of one schema and computes them in batches: one computation feeds every output column.</summary>
internal sealed class BatchComputer
{
    private readonly IHost _host;
    private readonly ColumnBinding _binding;
    private readonly Needs _needs;
    private readonly AbsCamOptions _options;
    private readonly Explainer _explainer;
    private readonly AbsCamTransformer _owner;
    private readonly ImagePreprocessing _preprocessing;
    private readonly long[] _inputSize;
    private readonly int? _fixedTarget;

    public BatchComputer(IHost host, ColumnBinding binding, Needs needs, AbsCamOptions options, ExplainerFactory factory, AbsCamTransformer owner)
    {
        _host = host;
        _binding = binding;
        _needs = needs;
        _options = options;
        _explainer = factory.Explainer;
        _owner = owner;
        _fixedTarget = options.Target switch
        {
            ClassTarget target => target.Index,
            NamedClassTarget target => options.Labels!.ToList().IndexOf(target.Name),
            _ => null,
        };
        NetworkShape shape = factory.Shape;
        InputColumn input = binding.Input;
        _preprocessing = input.IsImage ? EffectivePreprocessing.Of(owner.Network, options.Preprocessing) : EffectivePreprocessing.Usual(shape, owner.Network.Levels);
        NetworkFit.CheckInput(owner.Network.Name, KnownShape.Of(shape), owner.Network.Levels, input, input.IsImage ? _preprocessing : null);
        _inputSize = input.IsImage ? [_preprocessing.Planes, _preprocessing.Height, _preprocessing.Width] : [input.Channels, input.Height, input.Width];
    }

    public int InputLength => (int)(_inputSize[0] * _inputSize[1] * _inputSize[2]);

    /// <param name="row">A cursor or row of the input, with the columns active that the binding reads.</param>
    /// <param name="slots">How many rows are held at once.</param>
    public RowReader NewReader(DataViewRow row, int slots)
    {
        DataViewSchema.Column column = _binding.Input.Column;
        IInputReader input = _binding.Input.IsImage
            ? new PhotoReader(row.GetGetter<MLImage>(column), new ImageTensorizer(_preprocessing), slots)
            : new VectorReader(row.GetGetter<VBuffer<float>>(column), _binding.Input, _owner.Network);
        Func<int>? target = _binding.Target is DataViewSchema.Column asked ? TargetReader.For(row, asked, _options.Labels) : null;
        return new RowReader(row, input, target, _needs.Overlays);
    }

    /// <param name="rows">The rows of the batch.</param>
    /// <param name="inputs">Their inputs, <see cref="InputLength"/> values a row.</param>
    public ComputedRow[] Compute(IReadOnlyList<PendingRow> rows, ReadOnlySpan<float> inputs)
    {
        _owner.CheckAlive();
        var watch = Stopwatch.StartNew();
        int[] readable = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].HasImage)];
        Explanation? batch = readable.Length == 0 ? null : Explain(rows, readable, inputs);
        float share = (float)watch.Elapsed.TotalMilliseconds / Math.Max(readable.Length, 1);

        var computed = new ComputedRow[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            int place = Array.BinarySearch(readable, i);
            computed[i] = place < 0 ? new ComputedRow(rows[i], null, 0, 0) : new ComputedRow(rows[i], batch, place, share);
        }

        Instruments.Unreadable.Add(rows.Count - readable.Length);
        Report(computed);
        return computed;
    }

    /// <summary>Whether the exception of a row that could not be read goes to its reader, because nothing else would tell.</summary>
    public bool ThrowsOnUnreadable => _options.Columns.Status is null;

    /// <exception cref="ObjectDisposedException">The transformer is gone, and what it computed with it.</exception>
    public void CheckAlive() => _owner.CheckAlive();

    public MLImage? DrawOverlay(ComputedRow row)
    {
        int target = row.Index * _options.TargetsPerRow;
        return row.Source.Photo is { } photo && row.Batch is { } batch && batch.Status[target] == MapStatus.Ok
            ? OverlayRenderer.Render(photo, batch.Map(target), batch.MapHeight, batch.MapWidth, ImageGeometry.For(photo.Width, photo.Height, _preprocessing), _options.Overlay)
            : null;
    }

    private Explanation Explain(IReadOnlyList<PendingRow> rows, int[] readable, ReadOnlySpan<float> inputs)
    {
        using var scope = NewDisposeScope();
        Tensor images = empty([readable.Length, .. _inputSize]);
        for (int i = 0; i < readable.Length; i++)
        {
            inputs.Slice(readable[i] * InputLength, InputLength).CopyTo(images.Floats()[(i * InputLength)..]);
        }

        int[]? targets = _options.Target switch
        {
            ColumnTarget => [.. readable.Select(i => rows[i].Target)],
            _ => _fixedTarget is int target ? Enumerable.Repeat(target, readable.Length).ToArray() : null,
        };
        return _explainer.Explain(images, targets, _needs.Maps);
    }

    private void Report(ComputedRow[] rows)
    {
        foreach (ComputedRow row in rows)
        {
            string? trouble = Trouble(row);
            if (trouble is not null)
            {
                using IChannel channel = _host.Start("AbsCam");
                channel.Warning($"Row {row.Source.Position}: {trouble}");
            }
        }
    }

    private string? Trouble(ComputedRow row)
    {
        if (row.Batch is null)
        {
            return $"{MapStatusText.Of(MapStatus.UnreadableImage)} to explain in column '{_binding.Input.Column.Name}'{(row.Source.Error is { } error ? ": " + error.SourceException.Message : ".")}";
        }

        for (int t = row.Index * _options.TargetsPerRow; t < (row.Index + 1) * _options.TargetsPerRow; t++)
        {
            MapStatus status = row.Batch.Status[t];
            if (status != MapStatus.Ok)
            {
                return $"{MapStatusText.Of(status)} ({(status == MapStatus.TargetOutOfRange ? $"there are {row.Batch.ClassCount}" : $"class {row.Batch.Targets[t]}")}); the map's values are NaN.";
            }
        }

        return null;
    }
}

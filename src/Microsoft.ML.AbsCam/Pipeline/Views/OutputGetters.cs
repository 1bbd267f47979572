using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Rows;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>Turns computed rows into values of ML.NET's types.</summary>
/// <param name="computer">What computed the rows.</param>
/// <param name="options">How many targets a row has.</param>
/// <param name="current">The row that the reader stands on.</param>
internal sealed class OutputGetters(BatchComputer computer, AbsCamOptions options, Func<ComputedRow> current)
{
    private readonly int _targets = options.TargetsPerRow;

    private bool IsVector => options.Target is TopTarget;

    public Delegate For(OutputColumn column) => column.Kind switch
    {
        OutputKind.Map => Map(((VectorDataViewType)column.Type).Size),
        OutputKind.Class => PerTarget((row, batch, target) => (uint)(batch is null ? 0 : batch.Targets[target] + 1)),
        OutputKind.Probability => PerTarget((row, batch, target) => batch?.Probability(row.Index, target) ?? float.NaN),
        OutputKind.Scores => Scores(((VectorDataViewType)column.Type).Size),
        OutputKind.Status => PerTarget((_, batch, target) => (batch?.Status[target] ?? MapStatus.UnreadableImage).ToString().AsMemory()),
        OutputKind.Overlay => Scalar(computer.DrawOverlay!),
        OutputKind.Forwards => Scalar(row => row.Batch?.Forwards[row.Index] ?? 0),
        _ => Scalar(row => row.Milliseconds),
    };

    private ComputedRow Current()
    {
        computer.CheckAlive();
        ComputedRow row = current();
        if (computer.ThrowsOnUnreadable)
        {
            row.Source.Error?.Throw();
        }

        return row;
    }

    private ValueGetter<T> Scalar<T>(Func<ComputedRow, T> value) => (ref T destination) => destination = value(Current());

    private Delegate PerTarget<T>(Func<ComputedRow, Explanation?, int, T> value)
    {
        T at(ComputedRow row, int t) => value(row, row.Batch, (row.Index * _targets) + t);
        if (!IsVector)
        {
            return Scalar(row => at(row, 0));
        }

        // Without the name of the delegate the compiler makes up a type of its own, which nobody can ask for.
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) =>
        {
            ComputedRow row = Current();
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, _targets);
            for (int t = 0; t < _targets; t++)
            {
                editor.Values[t] = at(row, t);
            }

            destination = editor.Commit();
        };
        return getter;
    }

    private ValueGetter<VBuffer<float>> Map(int size) => Floats(size, row => row.Batch!.Maps.AsSpan(row.Index * size, size));

    private ValueGetter<VBuffer<float>> Scores(int size) => Floats(size, row => row.Batch!.ProbabilitiesOf(row.Index));

    private ValueGetter<VBuffer<float>> Floats(int size, FloatsOf floats) => (ref VBuffer<float> destination) =>
    {
        ComputedRow row = Current();
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, size);
        if (row.Batch is null)
        {
            // ML.NET's missing value: nobody can take it for a map.
            editor.Values.Fill(float.NaN);
        }
        else
        {
            floats(row).CopyTo(editor.Values);
        }

        destination = editor.Commit();
    };

    private delegate ReadOnlySpan<float> FloatsOf(ComputedRow row);
}

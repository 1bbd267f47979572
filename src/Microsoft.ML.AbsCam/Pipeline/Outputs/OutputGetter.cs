using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>Makes getters that turn computed rows into values of ML.NET's types.</summary>
internal static class OutputGetter
{
    /// <summary>The value of one target; the explanation is null where the row had no image.</summary>
    /// <param name="row">The row.</param>
    /// <param name="explanation">What its batch gave.</param>
    /// <param name="target">The target's place in it.</param>
    public delegate T TargetValue<out T>(BatchResult row, Explanation? explanation, int target);

    /// <summary>The values of a row that had an image.</summary>
    public delegate ReadOnlySpan<float> RowValues(Explanation explanation, int row);

    public static Func<CurrentRow, Delegate> Scalar<T>(Func<CurrentRow, T> value) => row => Typed((ref T destination) => destination = value(row));

    /// <param name="targets">How many targets a row has, for a vector of as many values; null for one value.</param>
    /// <param name="value">The value of one of them.</param>
    public static Func<CurrentRow, Delegate> PerTarget<T>(int? targets, TargetValue<T> value)
    {
        if (targets is not int count)
        {
            return Scalar(First);
        }

        return current => Typed((ref VBuffer<T> destination) =>
        {
            BatchResult row = current.Get();
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, count);
            for (int t = 0; t < count; t++)
            {
                editor.Values[t] = value(row, row.Explanation, (row.Index * count) + t);
            }

            destination = editor.Commit();
        });

        T First(CurrentRow current)
        {
            BatchResult row = current.Get();
            return value(row, row.Explanation, row.Index);
        }
    }

    /// <param name="size">How many values there are.</param>
    /// <param name="values">The values of a row; one that had no image has ML.NET's missing value, which nobody can take for a map.</param>
    public static Func<CurrentRow, Delegate> Floats(int size, RowValues values) => current => Typed((ref VBuffer<float> destination) =>
    {
        BatchResult row = current.Get();
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, size);
        if (row.Explanation is null)
        {
            editor.Values.Fill(float.NaN);
        }
        else
        {
            values(row.Explanation, row.Index).CopyTo(editor.Values);
        }

        destination = editor.Commit();
    });

    /// <param name="targets">How many targets a row has.</param>
    /// <param name="size">How many values a target has.</param>
    /// <param name="values">The values of one of a row's targets; null for missing ones.</param>
    public static Func<CurrentRow, Delegate> FloatsOf(int targets, int size, Func<CurrentRow, int, float[]?> values) => current => Typed((ref VBuffer<float> destination) =>
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, targets * size);
        for (int t = 0; t < targets; t++)
        {
            Span<float> own = editor.Values.Slice(t * size, size);
            if (values(current, t) is { } known)
            {
                known.CopyTo(own);
            }
            else
            {
                own.Fill(float.NaN);
            }
        }

        destination = editor.Commit();
    });

    // Without the name of the delegate the compiler makes up a type of its own, which nobody can ask for.
    private static ValueGetter<T> Typed<T>(ValueGetter<T> getter) => getter;
}

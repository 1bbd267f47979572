using Microsoft.ML.AbsCam.Pipeline.Batches;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>Rows that were read and wait to be computed. Its photos stay whole until it is filled again.</summary>
internal sealed class ReadBatch(DataViewRowCursor cursor, RowExplainer explainer, int size)
{
    private RowReader? _reader;

    public List<BatchEntry> Rows { get; } = new(size);

    /// <summary>The rows' inputs, one after the other.</summary>
    public float[] Inputs { get; private set; } = [];

    /// <summary>Reads the source's next rows, fewer where it ends.</summary>
    public void Fill()
    {
        // The second of two batches is often never needed.
        if (_reader is null)
        {
            _reader = explainer.NewReader(cursor, size);
            Inputs = new float[size * explainer.InputLength];
        }

        Rows.Clear();
        while (Rows.Count < size && cursor.MoveNext())
        {
            Rows.Add(_reader.Read(Rows.Count, Inputs.AsSpan(Rows.Count * explainer.InputLength, explainer.InputLength)));
        }
    }
}

using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>All that one reader's rows go through: they are read, computed in batches, told of, and drawn where somebody looks.</summary>
internal sealed class RowExplainer
{
    private readonly Action _checkAlive;
    private readonly AbsCamOptions _options;
    private readonly AskColumns _asked;
    private readonly ColumnNeeds _needs;
    private readonly NetworkInput _input;
    private readonly BatchComputer _computer;
    private readonly RowWarnings _warnings;
    private readonly OverlayDrawer _overlays;

    /// <param name="host">Where messages go.</param>
    /// <param name="network">What is explained.</param>
    /// <param name="input">The column of images.</param>
    /// <param name="asked">The columns in which rows say what they ask for.</param>
    /// <param name="needs">What the columns that are read make necessary.</param>
    /// <param name="options">How to explain.</param>
    /// <param name="explainers">What explains images.</param>
    /// <param name="checkAlive">Throws once the transformer is disposed.</param>
    public RowExplainer(IHost host, ImageNetwork network, InputColumn input, AskColumns asked, ColumnNeeds needs, AbsCamOptions options, ExplainerFactory explainers, Action checkAlive)
    {
        (_checkAlive, _options, _asked, _needs) = (checkAlive, options, asked, needs);
        _input = new NetworkInput(network, input, options.Preprocessing);
        _computer = new BatchComputer(explainers.Explainer, _input.Size, needs);
        _warnings = new RowWarnings(host, input.Column.Name, options.TargetsPerRow);
        _overlays = new OverlayDrawer(_input.Preprocessing, options.Overlay, options.TargetsPerRow);
    }

    /// <summary>How many numbers the network takes of a row.</summary>
    public int InputLength => _input.Length;

    /// <param name="row">A cursor or row of the input, with the columns active that the binding reads.</param>
    /// <param name="slots">How many rows are held at once.</param>
    public RowReader NewReader(DataViewRow row, int slots)
    {
        return new RowReader(row, _input.NewReader(row, slots), new AskReader(row, _asked, _options, _input), keepPhotos: _needs.HasFlag(ColumnNeeds.Photos));
    }

    /// <param name="rows">The rows of the batch.</param>
    /// <param name="inputs">Their images, <see cref="InputLength"/> numbers a row.</param>
    public BatchResult[] Compute(IReadOnlyList<BatchEntry> rows, ReadOnlySpan<float> inputs)
    {
        CheckAlive();
        BatchResult[] computed = _computer.Compute(rows, inputs);
        _warnings.Tell(computed);
        return computed;
    }

    /// <exception cref="ObjectDisposedException">The transformer is gone, and what it computed with it.</exception>
    public void CheckAlive() => _checkAlive();

    /// <summary>What a getter may give of a row; throws what the source threw, where no column says so.</summary>
    public BatchResult Checked(BatchResult row)
    {
        if (_options.Columns.Status is null)
        {
            row.Entry.Error?.Throw();
        }

        return row;
    }

    /// <summary>Tells the log that rows are explained once more.</summary>
    /// <param name="mapColumn">The column that is read again.</param>
    public void TellOfSecondPass(string mapColumn) => _warnings.TellOfSecondPass(mapColumn);

    /// <returns>Where in the network's input one of the row's targets is asked about; null where it is about no place.</returns>
    public AskedPlace? PlaceOf(BatchResult row, int target) => row.Explanation?.Places?[(row.Index * _options.TargetsPerRow) + target];

    /// <returns>Left, top, right and bottom of the box that one of the row's targets is about, in pixels of its photo; null where there is none.</returns>
    public float[]? BoxOf(BatchResult row, int target)
    {
        if (PlaceOf(row, target) is not AskedPlace.BoxPlace box)
        {
            return null;
        }

        if (row.Entry.PhotoSize is not var (width, height))
        {
            return [(float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom];
        }

        ImageGeometry geometry = ImageGeometry.For(width, height, _input.Preprocessing);
        (double left, double top) = geometry.ToPhoto(box.Left, box.Top);
        (double right, double bottom) = geometry.ToPhoto(box.Right, box.Bottom);
        return [(float)left, (float)top, (float)right, (float)bottom];
    }

    /// <returns>The photo with the row's first map over it; null where there is no map.</returns>
    public MLImage? DrawOverlay(BatchResult row) => _overlays.Draw(row);
}

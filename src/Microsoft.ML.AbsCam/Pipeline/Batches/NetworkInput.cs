using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>How the images of one column become what the network takes; settled and checked once, when the network is read.</summary>
internal sealed class NetworkInput
{
    private readonly ImageNetwork _network;

    /// <param name="network">What takes the images.</param>
    /// <param name="column">The column of images.</param>
    /// <param name="asked">What photos go through; null takes what is usual for the network.</param>
    /// <param name="options">Whose option that is, for messages.</param>
    /// <exception cref="ArgumentException">Column or preprocessing do not fit the network.</exception>
    public NetworkInput(ImageNetwork network, InputColumn column, ImagePreprocessing? asked, string options = nameof(AbsCamOptions))
    {
        _network = network;
        Column = column;
        NetworkShape shape = network.Shape;
        Preprocessing = column.IsImage ? EffectivePreprocessing.Of(network, asked) : EffectivePreprocessing.Usual(network);
        NetworkFit.CheckInput(network.Name, KnownShape.Of(shape), network.Levels, column, column.IsImage ? Preprocessing : null, options);
        Size = column.IsImage ? [Preprocessing.Planes, Preprocessing.Height, Preprocessing.Width] : [column.Channels, column.Height, column.Width];
    }

    public InputColumn Column { get; }

    /// <summary>What photos go through. Vectors are taken as they are.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>[C,H,W].</summary>
    public IReadOnlyList<long> Size { get; }

    /// <summary>How many numbers an image has.</summary>
    public int Length => (int)(Size[0] * Size[1] * Size[2]);

    /// <param name="row">A cursor or row with the column active.</param>
    /// <param name="slots">How many rows are held at once.</param>
    public IInputReader NewReader(DataViewRow row, int slots) => Column.IsImage
        ? new PhotoReader(row.GetGetter<MLImage>(Column.Column), new ImageTensorizer(Preprocessing), slots)
        : new VectorReader(row.GetGetter<VBuffer<float>>(Column.Column), Column, _network);
}

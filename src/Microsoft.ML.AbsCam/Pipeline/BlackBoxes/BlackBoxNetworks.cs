using Microsoft.ML.AbsCam.Networks.BlackBoxes;
using Microsoft.ML.AbsCam.Pipeline.BlackBoxes;

namespace Microsoft.ML.AbsCam;

/// <summary>Networks that are pipelines of ML.NET's, of which nothing but the scores can be seen.</summary>
public static class BlackBoxNetworks
{
    extension(ImageNetwork)
    {
        /// <summary>
        /// Takes a fitted pipeline of ML.NET's that ends in a score column, whatever computes it: <c>ImageClassification</c>, a TensorFlow model, a linear
        /// model on pixels. As with <see cref="ImageNetwork.FromScorer(Func{float[][], float[][]}, int, int, int, int, string)"/>, the methods that need the image alone (<see cref="SaliencyMethod.Rise"/>) and all measures work with it.
        /// </summary>
        /// <param name="context">Where the rows are made.</param>
        /// <param name="transformer">The fitted pipeline. It stays the caller's. It is given rows of the image column alone, so transforms of the label are to be left out of it.</param>
        /// <param name="inputSchema">The schema of what it was fitted to, as <c>Model.Load</c> gives it too: it says what the image column holds.</param>
        /// <param name="imageColumn">The column that images go into: images, the bytes of encoded images (they are given PNG), or vectors of float, planes of red, green and blue of levels from 0 to 255.</param>
        /// <param name="inputHeight">Rows of the images that it is given, in pixels.</param>
        /// <param name="inputWidth">Columns of the images that it is given, in pixels.</param>
        /// <param name="scoreColumn">The column of scores, one a class. Names that ML.NET keeps with them are the classes'.</param>
        /// <exception cref="ArgumentOutOfRangeException">A column is not there, or of another type.</exception>
        public static ImageNetwork FromTransformer(
            MLContext context, ITransformer transformer, DataViewSchema inputSchema, string imageColumn, int inputHeight, int inputWidth, string scoreColumn = "Score")
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(transformer);
            ArgumentNullException.ThrowIfNull(inputSchema);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputHeight);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
            var scorer = new TransformerScorer(context, transformer, inputSchema, imageColumn, scoreColumn, inputHeight, inputWidth);
            return new ScorerImageNetwork($"pipeline that ends in '{scoreColumn}'", scorer.Of, new NetworkShape(3, inputHeight, inputWidth, scorer.ClassCount), scorer.Labels);
        }
    }
}

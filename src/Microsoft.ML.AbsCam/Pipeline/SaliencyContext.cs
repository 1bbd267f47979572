using Microsoft.ML.AbsCam;

namespace Microsoft.ML;

/// <summary>Adds the measures of saliency maps to <see cref="MLContext"/>.</summary>
public static class SaliencyContext
{
    extension(MLContext context)
    {
        /// <summary>Measures how good saliency maps are.</summary>
        public SaliencyCatalog Saliency
        {
            get
            {
                ArgumentNullException.ThrowIfNull(context);
                return new SaliencyCatalog(context);
            }
        }
    }
}

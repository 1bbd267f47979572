using Microsoft.ML.AbsCam.Pipeline;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What explains a pipeline's batches: of a network, with the engine and the graph that a user gets.</summary>
internal static class UsersExplainer
{
    public static IExplainer Of(ImageNetwork network, SaliencyMethod method, NetworkEngine engine = NetworkEngine.Auto)
    {
        var options = new AbsCamOptions { Method = method, Engine = engine };
        return new ExplainerFactory(((IHostEnvironment)new MLContext()).Register(nameof(UsersExplainer)), network, options, options.LayersFor(network)).Explainer;
    }
}

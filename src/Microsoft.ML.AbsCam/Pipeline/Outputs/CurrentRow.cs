using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>The computed row that a reader stands on, as getters see it.</summary>
/// <param name="explainer">What computes rows.</param>
/// <param name="current">Computes this one, or finds it computed.</param>
internal sealed class CurrentRow(RowExplainer explainer, Func<BatchResult> current)
{
    public BatchResult Get()
    {
        explainer.CheckAlive();
        return explainer.Checked(current());
    }

    /// <summary>The photo with the first map over it; null where there is no map.</summary>
    public MLImage? DrawOverlay() => explainer.DrawOverlay(Get());
}

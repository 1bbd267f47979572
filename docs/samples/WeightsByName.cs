// <names>
using Microsoft.ML.AbsCam;

// </names>
namespace Samples.WeightsByName;

internal static class WeightsByName
{
    public static WeightsOptions[] Example()
    {
        // <names>
        WeightsOptions[] choices =
        [
            new() { StripPrefix = "module." },                          // of DataParallel
            new() { MapName = name => name.Replace("fc.", "head.") },   // null leaves a tensor out
            new() { StateDictKey = "ema_state_dict" },                  // which part of a checkpoint
            new() { Strict = false },                                   // take what both have; shapes must still agree
        ];

        // </names>
        return choices;
    }
}

using Microsoft.ML.AbsCam.Tool.Finished;

namespace Microsoft.ML.AbsCam.Tool.Differences;

/// <summary>A picture of a finished run as a row to compare; its map is read when somebody looks.</summary>
/// <param name="row">What the run says.</param>
/// <param name="truth">What it shows; empty where nobody says.</param>
/// <param name="map">Reads the map, which is NaN where there is none.</param>
/// <param name="onObject">Finds the share of its heat that lies on the object, which is NaN where it is not known.</param>
internal sealed class DiffedPicture(FinishedRow row, string truth, Func<float[]> map, Func<float> onObject)
{
    public string Name => row.Name;

    public string Class => row.ClassName;

    public float Probability => row.Answer.Probability ?? float.NaN;

    public string Truth => truth;

    public float[] Saliency => map();

    public float OnObject => onObject();
}

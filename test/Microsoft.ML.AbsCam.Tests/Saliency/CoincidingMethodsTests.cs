using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Where two methods are one, as the page on methods says.</summary>
[TestClass]
public sealed class CoincidingMethodsTests
{
    [TestMethod]
    [DataRow("hires-cam")]
    [DataRow("xgrad-cam")]
    public void Behind_a_global_average_and_one_linear_layer_methods_are_Grad_CAM(string name)
    {
        float[][] expected = MethodRun.Of(SaliencyMethod.GradCam, TinyNetwork.Rectified, 1).Maps;
        float[][] actual = MethodRun.Of(SaliencyMethod.Parse(name), TinyNetwork.Rectified, 1).Maps;
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], actual[row], Explained.Tolerance, $"row {row}");
        }
    }
}

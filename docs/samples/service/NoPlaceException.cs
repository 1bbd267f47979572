namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Too many are in the house; the message says where.</summary>
/// <param name="message">What is full.</param>
/// <param name="seconds">When to come again.</param>
internal sealed class NoPlaceException(string message, int seconds) : Exception(message)
{
    public int Seconds => seconds;
}

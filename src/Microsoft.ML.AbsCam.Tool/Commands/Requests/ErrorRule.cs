namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What follows an image that cannot be explained.</summary>
internal enum ErrorRule
{
    Skip,
    Stop,
}

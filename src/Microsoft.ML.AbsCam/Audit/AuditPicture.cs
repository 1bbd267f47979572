using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam;

/// <summary>A picture before and after an intervention, as the network sees it.</summary>
/// <param name="Caption">What was done to what, and what it did.</param>
/// <param name="Row">The position of the row whose picture it is.</param>
/// <param name="Before">The picture.</param>
/// <param name="After">The same after the intervention.</param>
public sealed record AuditPicture(string Caption, long Row, MLImage Before, MLImage After);

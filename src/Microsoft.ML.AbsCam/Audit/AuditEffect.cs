namespace Microsoft.ML.AbsCam;

/// <summary>What came of an intervention; or how two explained data sets differ, picture by picture.</summary>
/// <param name="Intervention">What was done, and beside what; or what is compared.</param>
/// <param name="Pictures">On how many pictures.</param>
/// <param name="Flips">In how many of them the network's class became the finding's class, or ceased to be it.</param>
/// <param name="Mean">The mean change of the class's probability, or of what <paramref name="Intervention"/> names.</param>
/// <param name="Lower">The lower end of its 95 % bootstrap interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="Control">The mean change by the control: regions of the same size at random places, or other pictures' content. NaN where there is none, as where two explained data sets are compared.</param>
/// <param name="PValue">The probability of a difference from the control as large, if there were none: Wilcoxon's signed-rank test, corrected for all experiments by Holm. Of two data sets, that of a change as large by the finding's test.</param>
/// <param name="LeastFound">The least mean difference from the control that so many pictures find four times out of five.</param>
public sealed record AuditEffect(string Intervention, int Pictures, int Flips, double Mean, double Lower, double Upper, double Control, double PValue, double LeastFound);

using System.Diagnostics.CodeAnalysis;

[assembly: UnconditionalSuppressMessage("Trimming", "IL2026", Scope = "module", Justification = "What expressions name is in this assembly, of which native programs keep all (src/ColdStart.props).")]
[assembly: UnconditionalSuppressMessage("AOT", "IL3050", Scope = "module", Justification = "No generic method is called in expressions; where nothing can be compiled at run time they are interpreted.")]

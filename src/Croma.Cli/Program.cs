using Croma.Cli;

return CommandLine.Run(args);

from comsim.cli import main

main()

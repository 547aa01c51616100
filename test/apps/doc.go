// Package apps synthesizes and deploys CDK apps as others write them: the
// programs in the folder programs, each with its own names, stacks, Stages,
// synthesizers and resources around the constructs of this library, and the ready meshes.
//
// Each is synthesized twice, once in a process of its own and once in a process
// with all others, where tokens have other numbers: the assemblies are equal byte
// for byte, with nothing left out but the folders of the CDK's code in the stack
// traces of its warnings. What can be deployed to the local AWS is, twice, and the
// second time changes nothing. A mistake ends with the library's sentence.
package apps
